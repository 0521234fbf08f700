namespace Countersign.Proxy.Request;

public enum Method { Unknown, Get, Head, Post, Put, Delete, Mkcol, Copy, Move, Options, Propfind, Proppatch, Lock, Unlock, Patch, Trace, Connect }

/// <summary>Methods that nginx knows by name; any other is passed on, too.</summary>
public static class Methods
{
    public static Method Parse(ReadOnlySpan<byte> name) => name.Length switch
    {
        3 when name.SequenceEqual("GET"u8) => Method.Get,
        3 when name.SequenceEqual("PUT"u8) => Method.Put,
        4 when name.SequenceEqual("POST"u8) => Method.Post,
        4 when name.SequenceEqual("HEAD"u8) => Method.Head,
        4 when name.SequenceEqual("COPY"u8) => Method.Copy,
        4 when name.SequenceEqual("MOVE"u8) => Method.Move,
        4 when name.SequenceEqual("LOCK"u8) => Method.Lock,
        5 when name.SequenceEqual("MKCOL"u8) => Method.Mkcol,
        5 when name.SequenceEqual("PATCH"u8) => Method.Patch,
        5 when name.SequenceEqual("TRACE"u8) => Method.Trace,
        6 when name.SequenceEqual("DELETE"u8) => Method.Delete,
        6 when name.SequenceEqual("UNLOCK"u8) => Method.Unlock,
        7 when name.SequenceEqual("OPTIONS"u8) => Method.Options,
        7 when name.SequenceEqual("CONNECT"u8) => Method.Connect,
        8 when name.SequenceEqual("PROPFIND"u8) => Method.Propfind,
        9 when name.SequenceEqual("PROPPATCH"u8) => Method.Proppatch,
        _ => Method.Unknown,
    };
}
