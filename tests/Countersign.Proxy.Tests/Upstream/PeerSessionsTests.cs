using Countersign.Native;
using Countersign.Proxy.Upstream.Peers;

namespace Countersign.Proxy.Tests.Upstream;

public sealed class PeerSessionsTests : IDisposable
{
    private readonly PeerSessions _sessions = new();
    private readonly TlsServerContext _server = TlsServerContext.Create(new TlsServerOptions
    {
        Certificates = [TestCertificate.Make()],
        // As a backend that resumes by session id, which makes no new session of a resumed one.
        SessionTickets = false,
        SessionCacheMode = TlsSessionCacheMode.Builtin,
    });

    [Theory]
    [InlineData(TlsProtocols.Tls12)]
    [InlineData(TlsProtocols.Tls13)]
    public void A_session_is_resumed_again_and_again(TlsProtocols version)
    {
        using var context = TlsClientContext.Create(new TlsClientOptions { Protocols = version });
        var identity = new TlsIdentity(context, null, null, null);
        Enumerable.Range(0, 4).Select(_ => Resumes(identity)).ShouldBe([false, true, true, true]);
    }

    [Fact]
    public void Another_identity_never_resumes_it()
    {
        using var context = TlsClientContext.Create(new TlsClientOptions());
        using var other = TlsClientContext.Create(new TlsClientOptions());
        var identity = new TlsIdentity(context, null, "one", null);
        Resumes(identity).ShouldBeFalse();
        Resumes(identity with { VerifyName = "two" }).ShouldBeFalse();
        Resumes(identity with { ServerName = "one" }).ShouldBeFalse();
        Resumes(identity with { KeyPair = new TlsKeyPair("a", "b") }).ShouldBeFalse();
        Resumes(identity with { Context = other }).ShouldBeFalse();
        Resumes(identity with { }).ShouldBeTrue();
    }

    [Fact]
    public void Names_without_number_push_each_other_out()
    {
        using var context = TlsClientContext.Create(new TlsClientOptions());
        var identities = Enumerable.Range(0, 17).Select(number => new TlsIdentity(context, null, $"name{number}", null)).ToArray();
        Array.ForEach(identities, identity => Resumes(identity).ShouldBeFalse());
        Resumes(identities[16]).ShouldBeTrue();
        Resumes(identities[0]).ShouldBeFalse();
    }

    [Fact]
    public void After_the_end_of_its_plan_nothing_is_kept()
    {
        using var context = TlsClientContext.Create(new TlsClientOptions());
        var identity = new TlsIdentity(context, null, null, null);
        _sessions.Dispose();
        Resumes(identity).ShouldBeFalse();
        Resumes(identity).ShouldBeFalse();
    }

    /// <summary>One connection with a handshake and a byte from the backend, after which the session is there in every version.</summary>
    private bool Resumes(TlsIdentity identity)
    {
        Socket.OpenPair(out var ours, out var theirs).ShouldBe(0);
        using var client = _sessions.Connect(identity, ours, new Keeper(_sessions, identity));
        using var server = TlsConnection.Accept(_server, theirs, null);
        TlsStatus left, right;
        do
        {
            left = client.Handshake();
            right = server.Handshake();
            (left, right).ShouldBeOneOf((TlsStatus.WantRead, TlsStatus.WantRead), (TlsStatus.Done, TlsStatus.WantRead),
                (TlsStatus.WantRead, TlsStatus.Done), (TlsStatus.Done, TlsStatus.Done));
        }
        while (left != TlsStatus.Done || right != TlsStatus.Done);
        server.Write("x"u8, out _).ShouldBe(TlsStatus.Done);
        client.Read(new byte[1], out _).ShouldBe(TlsStatus.Done);
        client.CallbackFailure.ShouldBeNull();
        _ = client.ShutDown();
        _ = server.ShutDown();
        _ = Socket.Close(ours);
        _ = Socket.Close(theirs);
        return client.SessionReused;
    }

    private sealed class Keeper(PeerSessions sessions, TlsIdentity identity) : ITlsClientEvents
    {
        public void OnSession(TlsConnection connection, TlsSession session) => sessions.Keep(identity, session);
    }

    public void Dispose()
    {
        _sessions.Dispose();
        _server.Dispose();
    }
}
