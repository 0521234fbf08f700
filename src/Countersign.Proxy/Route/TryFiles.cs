using Countersign.Configuration;
using Countersign.Native;
using Countersign.Proxy.Request;

namespace Countersign.Proxy.Route;

/// <summary>try_files: the first candidate that is there becomes the URI; otherwise the last argument decides.</summary>
internal static class TryFiles
{
    public static Outcome Run(Exchange exchange, TryFilesPlan plan)
    {
        for (var index = 0; index < plan.Files.Count; index++)
        {
            if (!FilePath.TryRoot(exchange, out var root))
            {
                return Outcome.Of(500);
            }
            var candidate = plan.Files[index];
            var name = Name(exchange, candidate.Value);
            var path = FilePath.Join(exchange.Arena, root, name, default);
            if (exchange.Log.IsEnabled(LogLevel.Debug))
            {
                exchange.Log.Write(LogLevel.Debug, $"trying to use {(candidate.IsDirectory ? "dir" : "file")}: \"{name}\" \"{path}\"");
            }
            if (IsThere(exchange, path, candidate.IsDirectory))
            {
                Take(exchange, name, candidate.IsDirectory);
                return Outcome.Next;
            }
        }
        return plan.Fallback is { } fallback ? Outcome.Internal(Name(exchange, fallback)) : Outcome.Of(plan.FallbackStatus);
    }

    /// <summary>The candidate as it stands behind root; behind an alias the prefix of the location is taken off what variables brought.</summary>
    private static Bytes Name(Exchange exchange, ComplexValue value)
    {
        var name = Values.Evaluate(exchange, value);
        var core = exchange.Location.Core;
        if (!core.IsAlias || core.AliasLength <= 0 || value.Constant is not null || name.Length < core.AliasLength
            || !name.Span[..core.AliasLength].SequenceEqual(exchange.Uri.Span[..Math.Min(core.AliasLength, exchange.Uri.Length)]))
        {
            return name;
        }
        return name.Slice(core.AliasLength, name.Length - core.AliasLength);
    }

    private static bool IsThere(Exchange exchange, Bytes path, bool isFolder)
    {
        var result = FileDescriptor.Status(path.Span, out var status);
        if (result < 0 && -result is not (Errno.NoEntry or Errno.NotDirectory or Errno.NameTooLong))
        {
            exchange.Log.Write(LogLevel.Crit, $"stat() \"{path}\" failed", -result);
        }
        return result >= 0 && status.IsFolder == isFolder;
    }

    private static void Take(Exchange exchange, Bytes name, bool isFolder)
    {
        var core = exchange.Location.Core;
        if (!core.IsAlias)
        {
            exchange.Uri = name;
        }
        else if (core.AliasLength >= 0)
        {
            exchange.Uri = FilePath.Join(exchange.Arena, exchange.Uri.Span[..Math.Min(core.AliasLength, exchange.Uri.Length)], name, default);
        }
        else if (!isFolder)
        {
            exchange.Uri = name;
            exchange.AddsUriToAlias = true;
        }
        if (exchange.Log.IsEnabled(LogLevel.Debug))
        {
            exchange.Log.Write(LogLevel.Debug, $"try file uri: \"{exchange.Uri}\"");
        }
    }
}
