using Countersign.Configuration;
using Countersign.Proxy.Request;

namespace Countersign.Proxy.Route;

/// <summary>Evaluates what the configuration wrote with variables in it.</summary>
public static class Values
{
    /// <summary>The value for this request; empty, never null bytes. It lives in the exchange's arena or longer.</summary>
    public static Bytes Evaluate(Exchange exchange, ComplexValue value) => throw new NotImplementedException();

    /// <summary>One variable; null bytes where nginx says <c>not_found</c>.</summary>
    public static Bytes Variable(Exchange exchange, int index) => throw new NotImplementedException();
}
