using Countersign.Native;
using Countersign.Proxy.Accept;

namespace Countersign.Proxy.Identify;

/// <summary>What the handshake proved about a client. A value: what follows from it (495, 496) is decided with the request, as nginx does.</summary>
public abstract record ClientVerdict
{
    private protected ClientVerdict() { }

    /// <summary>$ssl_client_verify.</summary>
    public abstract string Text { get; }

    /// <summary>The same in bytes, made once.</summary>
    public byte[] TextBytes => field ??= System.Text.Encoding.Latin1.GetBytes(Text);
}

/// <summary>No certificate came, or none was asked for.</summary>
public sealed record AbsentClient : ClientVerdict
{
    internal AbsentClient() { }

    public override string Text => "NONE";
}

/// <summary>libssl verified the certificate. Only <see cref="ClientCheck"/> makes one.</summary>
public sealed record VerifiedClient : ClientVerdict
{
    internal VerifiedClient() { }

    public override string Text => "SUCCESS";
}

/// <summary>libssl verified the certificate, and ssl_ocsp keeps it out.</summary>
public sealed record UnconfirmedClient : ClientVerdict
{
    internal UnconfirmedClient(OcspOutcome status) => Status = status;

    internal OcspOutcome Status { get; }

    public override string Text => "FAILED:" + Status.Text;
}

/// <summary>A certificate came and libssl refused it.</summary>
/// <param name="Error">X509_V_ERR code, as SSL_get_verify_result has it.</param>
public sealed record RefusedClient : ClientVerdict
{
    internal RefusedClient(int error) => Error = error;

    public int Error { get; }

    public override string Text => "FAILED:" + TlsVerification.TextOf(Error);

    /// <summary>ssl_verify_client optional_no_ca lets it in.</summary>
    public bool IsOptionalNoCa => TlsVerification.IsOptionalNoCa(Error);
}
