using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Countersign.Proxy.Watch;

namespace Countersign.Proxy.Tests.Watch;

public sealed class ClientMemoryTests
{
    private static readonly DateTimeOffset Now = new(2030, 1, 2, 3, 4, 5, TimeSpan.Zero);
    private static readonly byte[] Leaf = Certificate("CN=leaf");
    private static readonly byte[] Issuer = Certificate("CN=issuer");

    [Fact]
    public void A_client_is_known_again_by_its_address_and_fingerprint_together()
    {
        var memory = new ClientMemory();
        memory.SawCertificate("192.0.2.1", "t13", [Leaf, Issuer], "api.example", 0x0304, Now);
        memory.Find("192.0.2.1", "t12").ShouldBeNull();
        memory.Find("192.0.2.2", "t13").ShouldBeNull();
        var history = memory.Find("192.0.2.1", "t13").ShouldNotBeNull();
        history.Leaf.ShouldNotBeNull().Subject.ToString().ShouldBe("CN=leaf");
        history.Chain.Count.ShouldBe(2);
        (history.LeafAt, history.LeafServer, history.LeafVersion).ShouldBe((Now, "api.example", 0x0304));
    }

    [Fact]
    public void What_it_did_later_is_added_to_what_it_did_before()
    {
        var memory = new ClientMemory();
        memory.SawCertificate("192.0.2.1", "t13", [Leaf], "api.example", 0x0304, Now);
        memory.SawNone("192.0.2.1", "t13", TimeSpan.FromSeconds(3), Now.AddMinutes(1));
        memory.SawClose("192.0.2.1", "t13", Now.AddMinutes(2));
        var history = memory.Find("192.0.2.1", "t13").ShouldNotBeNull();
        history.Leaf.ShouldNotBeNull();
        (history.LeafAt, history.EmptyAt, history.EmptyAfter, history.ClosedAt)
            .ShouldBe((Now, Now.AddMinutes(1), TimeSpan.FromSeconds(3), Now.AddMinutes(2)));
    }

    [Fact]
    public void Of_a_long_chain_the_near_end_is_kept()
    {
        var memory = new ClientMemory();
        memory.SawCertificate("192.0.2.1", "t13", [Leaf, .. Enumerable.Repeat(Issuer, 100)], "", 0x0304, Now);
        memory.Find("192.0.2.1", "t13")!.Chain.Count.ShouldBeInRange(2, 50);
    }

    [Fact]
    public void Whoever_came_last_is_kept_of_more_clients_than_there_is_room_for()
    {
        var memory = new ClientMemory();
        for (var client = 0; client < 5000; client++)
        {
            memory.SawClose($"client {client}", "t13", Now);
            memory.SawClose("client 0", "t13", Now);
        }
        memory.Find("client 0", "t13").ShouldNotBeNull();
        memory.Find("client 1", "t13").ShouldBeNull();
        memory.Find("client 4999", "t13").ShouldNotBeNull();
    }

    [Fact]
    public void Certificates_have_a_bound_of_their_own()
    {
        var memory = new ClientMemory();
        var chain = Enumerable.Repeat(Issuer, 8 * 1024 / Issuer.Length).ToList();
        for (var client = 0; client < 2000; client++)
        {
            memory.SawCertificate($"client {client}", "t13", chain, "", 0x0304, Now);
        }
        memory.Find("client 0", "t13").ShouldBeNull();
        memory.Find("client 1999", "t13").ShouldNotBeNull();
    }

    [Fact]
    public void A_silent_address_is_told_of_once_an_hour()
    {
        var silent = new SilentClients();
        silent.TryTake("192.0.2.1", 1000).ShouldBeTrue();
        silent.TryTake("192.0.2.1", 4599).ShouldBeFalse();
        silent.TryTake("192.0.2.2", 1001).ShouldBeTrue();
        silent.TryTake("192.0.2.1", 4600).ShouldBeTrue();
    }

    private static byte[] Certificate(string subject)
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        using var certificate = new CertificateRequest(subject, key, HashAlgorithmName.SHA256).CreateSelfSigned(Now.AddDays(-1), Now.AddDays(1));
        return certificate.RawData;
    }
}
