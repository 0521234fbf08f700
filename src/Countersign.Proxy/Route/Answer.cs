using Countersign.Configuration;
using Countersign.Configuration.Directives;
using Countersign.Proxy.Request;

namespace Countersign.Proxy.Route;

/// <summary>The way out for every answer, whoever made it: nginx's chain of header filters, then the head.</summary>
public static class Answer
{
    private static readonly Bytes LocationName = new("Location"u8.ToArray());

    /// <summary>Applies If-Modified-Since and its kin, ranges, expires, add_header and add_trailer to
    /// <see cref="Exchange.Response"/> and writes the head.</summary>
    /// <returns>0: on with the body. -499: the client is gone. A status (412, 416): the client's conditions forbid this answer,
    /// nothing has been written, and <see cref="Router.AnswerAsync"/> is to be asked for that one instead.</returns>
    public static ValueTask<int> SendHeadAsync(Exchange exchange)
    {
        var response = exchange.Response;
        if (exchange.ErrorStatus != 0)
        {
            response.Status = exchange.ErrorStatus;
            response.StatusText = default;
        }
        PlaceLocation(exchange);
        var status = Preconditions.Apply(exchange);
        if (status != 0)
        {
            response.ClearForNewAnswer();
            return new ValueTask<int>(status);
        }
        AddedHeaders.Apply(exchange);
        status = Ranges.Apply(exchange);
        if (status != 0)
        {
            return new ValueTask<int>(status);
        }
        if (exchange.Location.Core is { ServerTokens: ServerTokens.Text, ServerTokensText: { } text })
        {
            response.ServerText = Values.Evaluate(exchange, text);
        }
        LimitRate(exchange);
        return exchange.Writer.WriteHeadAsync();
    }

    /// <summary>As nginx: only a path that becomes a whole URL stands before Connection, all else among the other lines.</summary>
    private static void PlaceLocation(Exchange exchange)
    {
        var response = exchange.Response;
        var location = response.Location;
        if (!location.IsNull && (location.IsEmpty || location.Span[0] != '/' || !exchange.Location.Core.AbsoluteRedirect))
        {
            response.Headers.Add(new HeaderField(LocationName, location));
            response.Location = default;
        }
    }

    private static void LimitRate(Exchange exchange)
    {
        var core = exchange.Location.Core;
        var writer = exchange.Writer;
        if (core.LimitRate is { } rate && writer.LimitRate == 0)
        {
            writer.LimitRate = Size(exchange, rate);
        }
        if (core.LimitRateAfter is { } after && writer.LimitRateAfter == 0)
        {
            writer.LimitRateAfter = Size(exchange, after);
        }
    }

    private static long Size(Exchange exchange, ComplexValue value)
    {
        var text = Values.Evaluate(exchange, value);
        if (Units.Size(text.ToString()) is { } size)
        {
            return size;
        }
        if (!text.IsEmpty)
        {
            exchange.Log.Write(LogLevel.Error, $"invalid size \"{text}\"");
        }
        return 0;
    }
}
