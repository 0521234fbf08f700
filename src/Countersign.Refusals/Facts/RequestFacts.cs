namespace Countersign.Refusals;

/// <summary>What of a request tells how its client came to have no certificate. Texts as they were sent; empty without the header.</summary>
public sealed record RequestFacts
{
    public string Method { get; init; } = "";

    public string Host { get; init; } = "";

    public string UserAgent { get; init; } = "";

    public string Origin { get; init; } = "";

    /// <summary>Access-Control-Request-Method.</summary>
    public string PreflightMethod { get; init; } = "";

    /// <summary>Sec-Fetch-Mode.</summary>
    public string FetchMode { get; init; } = "";

    /// <summary>Sec-Fetch-Dest.</summary>
    public string FetchDestination { get; init; } = "";

    public string ForwardedFor { get; init; } = "";

    /// <summary>Names of headers that only a balancer or a CDN adds: CF-Ray, X-Amzn-Trace-Id, Via...</summary>
    public IReadOnlyList<string> AddedInFront { get; init; } = [];

    /// <summary>Early-Data: 1.</summary>
    public bool IsEarly { get; init; }

    /// <summary>Counted from 1 on its connection.</summary>
    public int Number { get; init; } = 1;
}
