using Countersign.Proxy.Request;

namespace Countersign.Proxy.Route;

/// <summary>The way out for every answer, whoever made it: nginx's chain of header filters, then the head.</summary>
public static class Answer
{
    /// <summary>Applies If-Modified-Since and its kin, ranges, expires, add_header and add_trailer to
    /// <see cref="Exchange.Response"/> and writes the head.</summary>
    /// <returns>0, or -499 where the client is gone.</returns>
    public static ValueTask<int> SendHeadAsync(Exchange exchange) => throw new NotImplementedException();
}
