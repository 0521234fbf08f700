using Countersign.Proxy.Request;

namespace Countersign.Proxy.Route;

/// <summary>The way out for every answer, whoever made it: nginx's chain of header filters, then the head.</summary>
public static class Answer
{
    /// <summary>Applies If-Modified-Since and its kin, ranges, expires, add_header and add_trailer to
    /// <see cref="Exchange.Response"/> and writes the head.</summary>
    /// <returns>0: on with the body. -499: the client is gone. A status (412, 416): the client's conditions forbid this answer,
    /// nothing has been written, and <see cref="Router.AnswerAsync"/> is to be asked for that one instead.</returns>
    public static ValueTask<int> SendHeadAsync(Exchange exchange) => throw new NotImplementedException();
}
