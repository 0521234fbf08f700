using Countersign.Configuration;
using Countersign.Native;
using Countersign.Proxy.Request;

namespace Countersign.Proxy.Route;

/// <summary>From a URI to a file (<c>ngx_http_map_uri_to_path</c>): root before the URI, or alias in place of the location's prefix.</summary>
internal static class FilePath
{
    /// <summary>The file of the request's URI with <paramref name="tail"/> behind it.</summary>
    /// <returns>False where there is none; the reason has been logged, and the answer is 500.</returns>
    public static bool TryMap(Exchange exchange, ReadOnlySpan<byte> tail, out Bytes path)
    {
        path = default;
        if (!TryRoot(exchange, out var root))
        {
            return false;
        }
        path = Join(exchange.Arena, root, RestOfUri(exchange), tail);
        return true;
    }

    /// <summary>root or alias of the location, worked out.</summary>
    public static bool TryRoot(Exchange exchange, out Bytes root)
    {
        var core = exchange.Location.Core;
        root = default;
        if (core.IsAlias && !exchange.IsLocationValid)
        {
            exchange.Log.Write(LogLevel.Alert,
                $"\"alias\" cannot be used in location \"{exchange.Location.Name}\" where URI was rewritten");
            return false;
        }
        root = Values.Evaluate(exchange, core.Root);
        if (core.Root.Constant is null && (root.IsEmpty || root.Span[0] != '/'))
        {
            root = Join(exchange.Arena, ByteText.ToBytes(exchange.Generation.Plan.Main.Prefix), root, default);
        }
        return true;
    }

    /// <summary>$request_filename.</summary>
    public static Bytes OfRequest(Exchange exchange) => TryMap(exchange, default, out var path) ? path : default;

    /// <summary>$document_root.</summary>
    public static Bytes Root(Exchange exchange) => TryRoot(exchange, out var root) ? root : default;

    /// <summary>$realpath_root: without symbolic links; not found where there is no such folder.</summary>
    public static Bytes RealRoot(Exchange exchange)
    {
        if (!TryRoot(exchange, out var root))
        {
            return default;
        }
        var path = ByteText.ToUnicode(root.ToString());
        var result = FileDescriptor.RealPath(path, out var real);
        if (result < 0)
        {
            exchange.Log.Write(LogLevel.Crit, $"realpath() \"{path}\" failed", -result);
            return default;
        }
        return exchange.Arena.Copy(real);
    }

    /// <summary>What of the URI stands behind root or alias.</summary>
    public static ReadOnlySpan<byte> RestOfUri(Exchange exchange)
    {
        var core = exchange.Location.Core;
        var uri = exchange.Uri.Span;
        if (!core.IsAlias)
        {
            return uri;
        }
        if (core.AliasLength < 0)
        {
            return exchange.AddsUriToAlias ? uri : default;
        }
        return core.AliasLength <= uri.Length ? uri[core.AliasLength..] : default;
    }

    public static Bytes Join(Arena arena, ReadOnlySpan<byte> first, ReadOnlySpan<byte> second, ReadOnlySpan<byte> third)
    {
        var span = arena.Allocate(first.Length + second.Length + third.Length, out var joined);
        first.CopyTo(span);
        second.CopyTo(span[first.Length..]);
        third.CopyTo(span[(first.Length + second.Length)..]);
        return joined;
    }
}
