using Countersign.Configuration;
using Countersign.Proxy.Request;

namespace Countersign.Proxy.Route;

/// <summary>If-Match, If-None-Match and the two by date, for answers of our own (<c>ngx_http_not_modified_header_filter</c>).</summary>
internal static class Preconditions
{
    /// <summary>Makes a 304 of an answer the client has already.</summary>
    /// <returns>0, or 412.</returns>
    public static int Apply(Exchange exchange)
    {
        var response = exchange.Response;
        if (response.Status != 200 || !response.IsOwn)
        {
            return 0;
        }
        var unmodifiedSince = exchange.Headers.Find("If-Unmodified-Since"u8);
        var match = exchange.Headers.Find("If-Match"u8);
        if ((!unmodifiedSince.IsNull && !IsUnmodified(unmodifiedSince, response.LastModified))
            || (!match.IsNull && !Matches(match, response.Etag, weak: false)))
        {
            return 412;
        }
        var modifiedSince = exchange.Headers.Find("If-Modified-Since"u8);
        var noneMatch = exchange.Headers.Find("If-None-Match"u8);
        if ((modifiedSince.IsNull && noneMatch.IsNull)
            || (!modifiedSince.IsNull && IsModified(modifiedSince, response.LastModified, exchange.Location.Core.IfModifiedSince))
            || (!noneMatch.IsNull && !Matches(noneMatch, response.Etag, weak: true)))
        {
            return 0;
        }
        response.Status = 304;
        response.StatusText = response.ContentType = default;
        response.ContentLength = -1;
        response.Headers.Remove("Accept-Ranges"u8);
        response.Headers.Remove("Content-Encoding"u8);
        return 0;
    }

    /// <param name="lastModified">Unix seconds, or -1.</param>
    internal static bool IsUnmodified(ReadOnlySpan<byte> since, long lastModified) =>
        lastModified != -1 && HttpTime.Parse(since) >= lastModified;

    internal static bool IsModified(ReadOnlySpan<byte> since, long lastModified, IfModifiedSince mode)
    {
        if (lastModified == -1 || mode == IfModifiedSince.Off)
        {
            return true;
        }
        var time = HttpTime.Parse(since);
        return time != lastModified && (mode == IfModifiedSince.Exact || time < lastModified);
    }

    /// <summary>Whether a list of entity tags has this one.</summary>
    /// <param name="weak">W/ does not count, on either side.</param>
    internal static bool Matches(ReadOnlySpan<byte> list, Bytes etag, bool weak)
    {
        if (list is [(byte)'*'])
        {
            return true;
        }
        if (etag.IsNull)
        {
            return false;
        }
        var tag = weak ? Strong(etag.Span) : etag.Span;
        while (!list.IsEmpty)
        {
            list = weak ? Strong(list) : list;
            if (tag.Length > list.Length)
            {
                return false;
            }
            if (list.StartsWith(tag))
            {
                list = list[tag.Length..].TrimStart(" \t"u8);
                if (list.IsEmpty || list[0] == ',')
                {
                    return true;
                }
            }
            var comma = list.IndexOf((byte)',');
            list = comma < 0 ? default : list[comma..].TrimStart(" \t,"u8);
        }
        return false;
    }

    private static ReadOnlySpan<byte> Strong(ReadOnlySpan<byte> tag) => tag is [(byte)'W', (byte)'/', _, ..] ? tag[2..] : tag;
}
