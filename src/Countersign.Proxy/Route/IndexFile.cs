using Countersign.Configuration;
using Countersign.Native;
using Countersign.Proxy.Request;

namespace Countersign.Proxy.Route;

/// <summary>index: a folder's URI leads on to the first of its index files that is there.</summary>
internal static class IndexFile
{
    public static Outcome Find(Exchange exchange)
    {
        if (exchange.Uri.IsEmpty || exchange.Uri.Span[^1] != '/' || exchange.Method is not (Method.Get or Method.Head or Method.Post))
        {
            return Outcome.Next;
        }
        var isFolderKnown = false;
        var index = exchange.Location.Content.Index;
        for (var i = 0; i < index.Count; i++)
        {
            var name = Values.Evaluate(exchange, index[i]);
            if (!name.IsEmpty && name.Span[0] == '/')
            {
                return Outcome.Redirect(name, exchange.Arguments);
            }
            if (!FilePath.TryMap(exchange, name, out var path))
            {
                return Outcome.Of(500);
            }
            if (exchange.Log.IsEnabled(LogLevel.Debug))
            {
                exchange.Log.Write(LogLevel.Debug, $"open index \"{path}\"");
            }
            var error = -FileDescriptor.Status(path.Span, out _);
            if (error <= 0)
            {
                return Outcome.Redirect(FilePath.Join(exchange.Arena, exchange.Uri, name, default), exchange.Arguments);
            }
            var outcome = Judge(exchange, path, path.Slice(0, path.Length - name.Length), error, ref isFolderKnown);
            if (outcome.Kind != OutcomeKind.Next)
            {
                return outcome;
            }
        }
        return Outcome.Next;
    }

    private static Outcome Judge(Exchange exchange, Bytes path, Bytes folder, int error, ref bool isFolderKnown)
    {
        switch (error)
        {
            case Errno.TooManyLinks:
                return Outcome.Of(403);
            case Errno.NotDirectory or Errno.NameTooLong or Errno.AccessDenied:
                return Missing(exchange, path, error);
        }
        if (!isFolderKnown)
        {
            var outcome = TestFolder(exchange, path, folder);
            if (outcome.Kind != OutcomeKind.Next)
            {
                return outcome;
            }
            isFolderKnown = true;
        }
        if (error == Errno.NoEntry)
        {
            return Outcome.Next;
        }
        exchange.Log.Write(LogLevel.Crit, $"stat() \"{path}\" failed", error);
        return Outcome.Of(500);
    }

    /// <summary>A folder that is not there is a 404 of its own: otherwise it would be a 403 without index.</summary>
    private static Outcome TestFolder(Exchange exchange, Bytes path, Bytes folder)
    {
        if (folder.Length > 1 && folder.Span[^1] == '/')
        {
            folder = folder.Slice(0, folder.Length - 1);
        }
        var error = -FileDescriptor.Status(folder.Span, out var status);
        switch (error)
        {
            case <= 0 when status.IsFolder:
            // As nginx: what may not be looked at is not the folder's fault.
            case Errno.AccessDenied:
                return Outcome.Next;
            case <= 0:
                exchange.Log.Write(LogLevel.Alert, $"\"{path}\" is not a directory");
                return Outcome.Of(500);
            case Errno.TooManyLinks:
                return Outcome.Of(403);
            case Errno.NoEntry:
                return Missing(exchange, path, error);
            default:
                exchange.Log.Write(LogLevel.Crit, $"stat() \"{folder}\" failed", error);
                return Outcome.Of(500);
        }
    }

    private static Outcome Missing(Exchange exchange, Bytes path, int error)
    {
        if (error == Errno.AccessDenied)
        {
            exchange.Log.Write(LogLevel.Error, $"\"{path}\" is forbidden", error);
            return Outcome.Of(403);
        }
        if (exchange.Location.Core.LogNotFound)
        {
            exchange.Log.Write(LogLevel.Error, $"\"{path}\" is not found", error);
        }
        return Outcome.Of(404);
    }
}
