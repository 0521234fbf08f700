using System.Runtime.CompilerServices;
using Countersign.Configuration;
using Countersign.Proxy.Request;

namespace Countersign.Proxy.Route;

/// <summary>The answer of <c>return</c> with a text or below 400 (<c>ngx_http_send_response</c>).</summary>
internal static class ReturnedText
{
    [AsyncMethodBuilder(typeof(LoopMethodBuilder<>))]
    public static async ValueTask<Outcome> SendAsync(Exchange exchange, int status, ComplexValue? text)
    {
        var forgotten = await exchange.Body.ForgetAsync();
        if (forgotten < 0)
        {
            return forgotten == RequestBody.Gone ? Outcome.Failed(exchange, forgotten) : Outcome.Of(-forgotten);
        }
        exchange.IsBodyDiscarded = true;
        var response = exchange.Response;
        response.Status = status;
        response.StatusText = default;
        var value = text is null ? new Bytes([]) : Values.Evaluate(exchange, text);
        if (status is 301 or 302 or 303 or 307 or 308)
        {
            response.Location = value;
            return Outcome.Of(status);
        }
        response.IsOwn = true;
        response.ContentLength = value.Length;
        response.ContentType = MediaType.Of(exchange);
        var result = await Answer.SendHeadAsync(exchange);
        if (result == 0 && !exchange.Writer.IsHeadOnly && !value.IsEmpty)
        {
            result = await exchange.Writer.WriteAsync(value.Memory);
        }
        if (result == 0)
        {
            result = await exchange.Writer.EndAsync();
        }
        return result == 0 ? Outcome.Done : Outcome.Failed(exchange, result);
    }
}
