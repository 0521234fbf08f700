using System.Globalization;
using System.Runtime.CompilerServices;
using System.Text;
using Countersign.Configuration;
using Countersign.Native;
using Countersign.Proxy.Request;

namespace Countersign.Proxy.Route;

/// <summary>Serves a plain file (<c>ngx_http_static_handler</c>).</summary>
internal static class StaticFile
{
    [AsyncMethodBuilder(typeof(LoopMethodBuilder<>))]
    public static async ValueTask<Outcome> RunAsync(Exchange exchange)
    {
        var outcome = Open(exchange, out var descriptor, out var size);
        if (outcome.Kind != OutcomeKind.Done)
        {
            return outcome;
        }
        try
        {
            return await SendAsync(exchange, descriptor, size);
        }
        finally
        {
            _ = FileDescriptor.Close(descriptor);
        }
    }

    /// <summary>Done: the file is open, and the head says what it is.</summary>
    private static Outcome Open(Exchange exchange, out int descriptor, out long size)
    {
        descriptor = -1;
        size = 0;
        if (exchange.Method is not (Method.Get or Method.Head or Method.Post))
        {
            return Outcome.Of(405);
        }
        if (exchange.Uri.IsEmpty || exchange.Uri.Span[^1] == '/')
        {
            return Forbidden(exchange);
        }
        if (!FilePath.TryMap(exchange, default, out var path))
        {
            return Outcome.Of(500);
        }
        if (exchange.Log.IsEnabled(LogLevel.Debug))
        {
            exchange.Log.Write(LogLevel.Debug, $"http filename: \"{path}\"");
        }
        descriptor = FileDescriptor.Open(path.Span, OpenFlags.ReadOnly | OpenFlags.NonBlocking);
        if (descriptor < 0)
        {
            return Failed(exchange, path, "open()", -descriptor);
        }
        var result = FileDescriptor.Status(descriptor, out var status);
        var outcome = result < 0 ? Failed(exchange, path, "fstat()", -result) : Judge(exchange, path, status);
        if (outcome.Kind != OutcomeKind.Done)
        {
            _ = FileDescriptor.Close(descriptor);
            return outcome;
        }
        size = status.Size;
        return Outcome.Done;
    }

    /// <summary>Nobody else answers for a folder without index.</summary>
    private static Outcome Forbidden(Exchange exchange)
    {
        if (FilePath.TryMap(exchange, default, out var path))
        {
            exchange.Log.Write(LogLevel.Error, $"directory index of \"{path}\" is forbidden");
        }
        return Outcome.Of(403);
    }

    private static Outcome Failed(Exchange exchange, Bytes path, string call, int error)
    {
        var (level, status) = error switch
        {
            Errno.NoEntry or Errno.NotDirectory or Errno.NameTooLong => (LogLevel.Error, 404),
            Errno.AccessDenied or Errno.TooManyLinks => (LogLevel.Error, 403),
            _ => (LogLevel.Crit, 500),
        };
        if (status != 404 || exchange.Location.Core.LogNotFound)
        {
            exchange.Log.Write(level, $"{call} \"{path}\" failed", error);
        }
        return Outcome.Of(status);
    }

    private static Outcome Judge(Exchange exchange, Bytes path, in FileStatus status)
    {
        if (status.IsFolder)
        {
            return ToFolder(exchange);
        }
        if (!status.IsRegular)
        {
            exchange.Log.Write(LogLevel.Crit, $"\"{path}\" is not a regular file");
            return Outcome.Of(404);
        }
        if (exchange.Method == Method.Post)
        {
            return Outcome.Of(405);
        }
        var response = exchange.Response;
        response.Status = 200;
        response.ContentLength = status.Size;
        response.LastModified = status.ModifiedSeconds;
        response.LastModifiedText = default;
        response.ContentType = MediaType.Of(exchange);
        response.IsOwn = response.AllowRanges = true;
        if (exchange.Location.Core.Etag)
        {
            var etag = string.Create(CultureInfo.InvariantCulture, $"\"{status.ModifiedSeconds:x}-{status.Size:x}\"");
            response.Etag = new Bytes(Encoding.ASCII.GetBytes(etag));
            response.Headers.Remove("ETag"u8);
            response.Headers.Add(new HeaderField(EtagName, response.Etag));
        }
        exchange.Log.Action = "sending response to client";
        return Outcome.Done;
    }

    private static readonly Bytes EtagName = new("ETag"u8.ToArray());

    /// <summary>A folder asked for without its slash.</summary>
    private static Outcome ToFolder(Exchange exchange)
    {
        var arena = exchange.Arena;
        var path = UriText.EscapePath(arena, exchange.Uri);
        exchange.Response.Location = exchange.Arguments.IsEmpty
            ? FilePath.Join(arena, path, "/"u8, default)
            : FilePath.Join(arena, path, "/?"u8, exchange.Arguments);
        return Outcome.Of(301);
    }

    [AsyncMethodBuilder(typeof(LoopMethodBuilder<>))]
    private static async ValueTask<Outcome> SendAsync(Exchange exchange, int descriptor, long size)
    {
        var forgotten = await exchange.Body.ForgetAsync();
        if (forgotten < 0)
        {
            return forgotten == RequestBody.Gone ? Outcome.Failed(exchange, forgotten) : Outcome.Of(-forgotten);
        }
        exchange.IsBodyDiscarded = true;
        var result = await Answer.SendHeadAsync(exchange);
        if (result == 0 && !exchange.Writer.IsHeadOnly)
        {
            result = exchange.Response.Parts is { } parts
                ? await SendPartsAsync(exchange, descriptor, parts)
                : size > 0 ? await exchange.Writer.WriteFileAsync(descriptor, 0, size) : 0;
        }
        if (result == 0)
        {
            result = await exchange.Writer.EndAsync();
        }
        return result == 0 ? Outcome.Done : Outcome.Failed(exchange, result);
    }

    [AsyncMethodBuilder(typeof(LoopMethodBuilder<>))]
    private static async ValueTask<int> SendPartsAsync(Exchange exchange, int descriptor, MultipartRanges parts)
    {
        var writer = exchange.Writer;
        foreach (var range in parts.Ranges)
        {
            var result = await writer.WriteAsync(Encoding.Latin1.GetBytes(parts.HeadOf(range)));
            result = result == 0 ? await writer.WriteFileAsync(descriptor, range.Start, range.Length) : result;
            if (result != 0)
            {
                return result;
            }
        }
        return await writer.WriteAsync(Encoding.Latin1.GetBytes(parts.End));
    }
}
