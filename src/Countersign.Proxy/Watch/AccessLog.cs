using Countersign.Proxy.Request;

namespace Countersign.Proxy.Watch;

/// <summary>access_log: one line for each request, in the formats and files its location says.</summary>
public sealed class AccessLog
{
    /// <summary>At the end of a request, whatever became of it. Never waits and never throws; a full disk is reported once a second.</summary>
    public void Write(Exchange exchange) { }
}
