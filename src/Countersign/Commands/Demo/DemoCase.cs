using Countersign.Native;

namespace Countersign.Commands.Demo;

/// <summary>Which of the gate's two ports.</summary>
internal enum DemoListener
{
    First,
    Second,
}

/// <summary>One client: what it does, and what has to come of it.</summary>
internal sealed record DemoCase(string Name, string Story, DemoExpectation Expected)
{
    /// <summary>A name of <see cref="DemoAuthority.Clients"/>; null sends no certificate.</summary>
    public string? Certificate { get; init; }

    /// <summary>SNI; null sends none.</summary>
    public string? ServerName { get; init; } = DemoConfiguration.Service;

    public string Host { get; init; } = DemoConfiguration.Service;

    public DemoListener Listener { get; init; }

    public bool IsTls { get; init; } = true;

    public TlsProtocols Protocols { get; init; } = TlsProtocols.Tls12 | TlsProtocols.Tls13;

    public string Ciphers { get; init; } = "DEFAULT";
}

/// <summary>What a case has to come to.</summary>
internal sealed record DemoExpectation
{
    /// <summary>HTTP status; null when there is to be no answer.</summary>
    public int? Status { get; init; }

    /// <summary>Title of nginx's page, without the status.</summary>
    public string? Title { get; init; }

    /// <summary>Number of the TLS alert, when the handshake is to fail.</summary>
    public int? Alert { get; init; }

    /// <summary>Part of one line of the error log; null when nothing is to be logged.</summary>
    public string? Log { get; init; }

    /// <summary>Id in the gate's refusal log; null when it is to have none.</summary>
    public string? Reason { get; init; }

    /// <summary>How <c>X-SSL-Verify</c> has to begin at the backend; null when the backend is to receive nothing.</summary>
    public string? Verify { get; init; }

    public bool IsRefusal => Verify is null;

    public static DemoExpectation Accepted(string verify = "SUCCESS") => new() { Status = 200, Verify = verify };

    public static DemoExpectation Refused(int status, string title, string log, string reason) =>
        new() { Status = status, Title = title, Log = log, Reason = reason };

    /// <summary>The chain did not verify: the handshake completes and the request is answered 400.</summary>
    /// <param name="error">OpenSSL's X509_V_ERR number; its text differs between versions.</param>
    public static DemoExpectation NotVerified(int error, string reason) =>
        Refused(400, "The SSL certificate error", $"client SSL certificate verify error: ({error}:", reason);

    public static DemoExpectation NoHandshake(int alert, string log, string reason) => new() { Alert = alert, Log = log, Reason = reason };
}
