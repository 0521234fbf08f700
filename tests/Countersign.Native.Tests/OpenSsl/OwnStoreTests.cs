namespace Countersign.Native.Tests.OpenSsl;

/// <summary>
/// ssl_conf_command VerifyCAFile and its like give libssl a store of its own to verify clients against, in place of the one that
/// ssl_client_certificate fills: what is remembered of a chain or of a session is bound to that one.
/// </summary>
public sealed class OwnStoreTests : IDisposable
{
    private readonly TlsPki _pki = new();
    private readonly Identity _other = Identity.SelfSigned("CN=Other Root");
    private readonly TlsVerifyCache _verdicts = new("verify", 1 << 20);
    private readonly TlsSessionCache _sessions = new("sessions", 1_000_000);
    private readonly string _otherFile;

    public OwnStoreTests() => _otherFile = _pki.Write("other.pem", _other.Pem);

    [Theory]
    [InlineData(TlsProtocols.Tls12)]
    [InlineData(TlsProtocols.Tls13)]
    public void A_client_of_one_store_is_verified_afresh_against_another(TlsProtocols version)
    {
        using var one = TlsServerContext.Create(Options(version, "VerifyCAFile", _pki.RootFile));
        using var other = TlsServerContext.Create(Options(version, "VerifyCAFile", _otherFile));
        using var client = TlsClientContext.Create(new TlsClientOptions { Certificate = _pki.ClientPair });
        using var first = TlsPair.Talked(one, client);
        first.Server.VerifyResult.ShouldBe(TlsVerification.Ok);

        using var second = TlsPair.Talked(other, client, first.Sessions[^1]);
        second.Server.SessionReused.ShouldBeFalse();
        second.Server.VerifyResult.ShouldBe(21);
        one.Trust.IsSame(other.Trust).ShouldBeFalse();
    }

    [Fact]
    public void A_chain_that_no_handshake_brings_is_held_against_the_same_store()
    {
        using var own = TlsServerContext.Create(Options(TlsProtocols.Tls13, "VerifyCAFile", _otherFile));
        using var chain = Certificate.FromDer(_pki.Client.Certificate.RawData)!;
        own.Verify([chain]).ShouldBe(21);
        own.Try([chain]).Error.ShouldBe(21);
        using var source = own.HoldTrust();
        source.Read().Certificates.ShouldHaveSingleItem().ShouldBe(_other.Certificate.RawData);
    }

    [Fact]
    public void Servers_of_one_file_trust_the_same()
    {
        using var one = TlsServerContext.Create(Options(TlsProtocols.Tls13, "VerifyCAFile", _otherFile));
        using var other = TlsServerContext.Create(Options(TlsProtocols.Tls13, "VerifyCAFile", _otherFile));
        one.Trust.IsSame(other.Trust).ShouldBeTrue();
    }

    [Theory]
    [InlineData("VerifyCAPath", TlsProtocols.Tls12)]
    [InlineData("verifycapath", TlsProtocols.Tls13)]
    [InlineData("VerifyCAStore", TlsProtocols.Tls13)]
    public void What_is_looked_up_in_a_folder_at_each_verification_is_not_remembered(string command, TlsProtocols version)
    {
        var folder = Path.GetDirectoryName(_otherFile)!;
        using var one = TlsServerContext.Create(Options(version, command, folder));
        using var other = TlsServerContext.Create(Options(version, command, folder));
        using var client = TlsClientContext.Create(new TlsClientOptions { Certificate = _pki.ClientPair });
        using var first = TlsPair.Talked(one, client);
        _verdicts.Count.ShouldBe(0);
        one.Trust.IsSame(other.Trust).ShouldBeFalse();

        using var second = TlsPair.Talked(other, client, first.Sessions[^1]);
        second.Server.SessionReused.ShouldBeFalse();
        using var third = TlsPair.Talked(one, client, first.Sessions[^1]);
        third.Server.SessionReused.ShouldBeTrue();
    }

    public void Dispose()
    {
        _sessions.Dispose();
        _other.Dispose();
        _pki.Dispose();
    }

    private TlsServerOptions Options(TlsProtocols version, string command, string value) => new()
    {
        Certificates = [_pki.ServerPair],
        Protocols = version,
        VerifyMode = TlsVerifyMode.On,
        ClientCertificate = _pki.RootFile,
        ConfCommands = [(command, value)],
        VerifyCache = _verdicts,
        SessionCacheMode = TlsSessionCacheMode.Shared,
        SessionCache = _sessions,
        TicketSessions = _sessions,
    };
}
