namespace Countersign.Native.Tests.OpenSsl;

/// <summary>What is remembered of a chain is what libssl would say of it.</summary>
public sealed class VerifyCacheTests : IDisposable
{
    private readonly TlsPki _pki = new();
    private readonly SettableTime _time = new();
    private readonly TlsVerifyCache _cache = new("verify", 1 << 20);

    [Fact]
    public void A_chain_is_verified_once_and_problems_come_back_with_it()
    {
        using var stranger = Identity.SelfSigned("CN=Stranger", CertificateShape.Client);
        using var server = TlsServerContext.Create(Options());
        using var client = TlsClientContext.Create(new TlsClientOptions { Certificate = _pki.Pair("stranger", stranger) });
        using var first = TlsPair.Connected(server, client);
        _cache.Count.ShouldBe(1);
        first.Server.VerifiedChain().ShouldNotBeEmpty();

        using var second = TlsPair.Connected(server, client);
        second.Server.VerifiedChain().ShouldBeEmpty("it was remembered, not built");
        second.Server.VerifyResult.ShouldBe(first.Server.VerifyResult);
        second.Server.Verifications.ShouldBe(first.Server.Verifications);
        second.Server.Verifications.ShouldNotBeEmpty();
        _cache.Count.ShouldBe(1);
    }

    [Fact]
    public void Nothing_is_remembered_across_trust_depth_or_mode()
    {
        using var middle = _pki.Root.Issue("CN=Middle", CertificateShape.Authority);
        using var leaf = middle.Issue("CN=Leaf");
        var chain = Chain(leaf, middle);
        using var deep = TlsServerContext.Create(Options(depth: 1));
        using var flat = TlsServerContext.Create(Options(depth: 0));
        using var optional = TlsServerContext.Create(Options(mode: TlsVerifyMode.Optional));
        using var listed = TlsServerContext.Create(Options(crl: _pki.Write("crl.pem", _pki.Root.Crl([middle]) + middle.Crl())));

        deep.Verify(chain).ShouldBe(TlsVerification.Ok);
        flat.Verify(chain).ShouldNotBe(TlsVerification.Ok);
        optional.Verify(chain).ShouldBe(TlsVerification.Ok);
        listed.Verify(chain).ShouldBe(23);
        _cache.Count.ShouldBe(4);
        deep.Trust.IsSame(flat.Trust).ShouldBeFalse();
        deep.Trust.IsSame(listed.Trust).ShouldBeFalse();
        deep.Trust.IsSame(optional.Trust).ShouldBeTrue();
        Free(chain);
    }

    [Fact]
    public void The_order_and_the_company_of_certificates_are_part_of_what_is_remembered()
    {
        using var middle = _pki.Root.Issue("CN=Middle", CertificateShape.Authority);
        using var leaf = middle.Issue("CN=Leaf");
        using var server = TlsServerContext.Create(Options());
        var whole = Chain(leaf, middle);
        var alone = Chain(leaf);

        server.Verify(whole).ShouldBe(TlsVerification.Ok);
        server.Verify(alone).ShouldNotBe(TlsVerification.Ok);
        _cache.Count.ShouldBe(2);
        Free(whole);
        Free(alone);
    }

    [Fact]
    public void An_entry_ends_when_anything_presented_or_trusted_begins_or_ends()
    {
        using var brief = _pki.Root.Issue("CN=Brief", new CertificateShape { NotAfter = DateTimeOffset.UtcNow.AddSeconds(50) });
        using var early = _pki.Root.Issue("CN=Early", new CertificateShape { NotBefore = DateTimeOffset.UtcNow.AddSeconds(70) });
        using var server = TlsServerContext.Create(Options());
        using var listed = TlsServerContext.Create(Options(crl: _pki.Write("crl.pem", _pki.Root.Crl(nextUpdate: DateTimeOffset.UtcNow.AddSeconds(60)))));
        var presented = new[] { Chain(brief), Chain(early), Chain(_pki.Client) };

        Until(server, presented[0]).ShouldBeInRange(48, 51);
        Until(server, presented[1]).ShouldBeInRange(68, 71);
        Until(listed, presented[2]).ShouldBeInRange(58, 61);
        Array.ForEach(presented, Free);
    }

    [Fact]
    public void Refused_chains_do_not_push_out_good_ones()
    {
        var cache = new TlsVerifyCache("small", 256 * 8);
        using var server = TlsServerContext.Create(Options(cache: cache));
        var good = Chain(_pki.Client);
        server.Verify(good).ShouldBe(TlsVerification.Ok);
        for (var i = 0; i < 20; i++)
        {
            using var stranger = Identity.SelfSigned($"CN=Stranger {i}", CertificateShape.Client);
            var chain = Chain(stranger);
            server.Verify(chain).ShouldNotBe(TlsVerification.Ok);
            Free(chain);
        }

        cache.Count.ShouldBe(3);
        server.Verify(good).ShouldBe(TlsVerification.Ok);
        cache.Count.ShouldBe(3);
        Free(good);
    }

    /// <summary>
    /// Ten thousand chains, most of them broken in some way, each asked for twice by way of the cache and once without: leaves, intermediates and roots
    /// left out, doubled, swapped, with a byte changed, and certificates that are expired, not yet valid, revoked or no authorities.
    /// </summary>
    [Fact]
    public void Ten_thousand_mutated_chains_get_the_same_verdict_with_and_without_it()
    {
        using var middle = _pki.Root.Issue("CN=Middle", CertificateShape.Authority);
        using var rekeyed = _pki.Root.Issue("CN=Middle", CertificateShape.Authority);
        using var noAuthority = _pki.Root.Issue("CN=Not an authority");
        using var other = Identity.SelfSigned("CN=Root");
        var now = DateTimeOffset.UtcNow;
        Identity[] identities =
        [
            middle.Issue("CN=Leaf"), rekeyed.Issue("CN=Leaf"), middle.Issue("CN=Old", new CertificateShape { NotAfter = now.AddHours(-1) }),
            middle.Issue("CN=Early", new CertificateShape { NotBefore = now.AddHours(1) }), middle.Issue("CN=Server", CertificateShape.Server),
            middle.Issue("CN=Revoked"), noAuthority.Issue("CN=Child"), other.Issue("CN=Stranger"), _pki.Client, middle, rekeyed, noAuthority, other, _pki.Root,
        ];
        var crls = _pki.Write("crls.pem", _pki.Root.Crl() + middle.Crl([identities[5]]) + rekeyed.Crl());
        using var remembered = TlsServerContext.Create(Options(crl: crls));
        using var plain = TlsServerContext.Create(Options(crl: crls, remembers: false));
        var random = new Random(20261123);
        var outcomes = new Dictionary<int, int>();
        for (var i = 0; i < 10_000; i++)
        {
            var chain = Mutated(identities, random);
            if (chain.Count == 0)
            {
                continue;
            }
            var expected = plain.Verify(chain);
            remembered.Verify(chain).ShouldBe(expected);
            remembered.Verify(chain).ShouldBe(expected);
            outcomes[expected] = outcomes.GetValueOrDefault(expected) + 1;
            Free(chain);
        }

        outcomes.Keys.Count.ShouldBeGreaterThan(6, "the chains are to fail in many ways");
        outcomes[TlsVerification.Ok].ShouldBeGreaterThan(50);
        _cache.Count.ShouldBeGreaterThan(1000);
    }

    public void Dispose() => _pki.Dispose();

    private static List<Certificate> Mutated(Identity[] identities, Random random)
    {
        var chain = new List<Certificate>();
        var length = random.Next(1, 5);
        // Half of them begin as a good chain does.
        var picks = random.Next(2) == 0
            ? (List<Identity>)[identities[random.Next(9)], identities[9]]
            : [.. Enumerable.Range(0, length).Select(_ => identities[random.Next(identities.Length)])];
        foreach (var identity in picks)
        {
            var der = identity.Certificate.RawData.ToArray();
            if (random.Next(8) == 0)
            {
                der[random.Next(der.Length)] ^= (byte)(1 << random.Next(8));
            }
            if (Certificate.FromDer(der) is { } certificate)
            {
                chain.Add(certificate);
            }
        }
        if (random.Next(4) == 0)
        {
            var extra = chain.Count == 0 ? null : Certificate.FromDer(chain[random.Next(chain.Count)].Der);
            chain.Insert(random.Next(chain.Count + 1), extra ?? Certificate.FromDer(identities[0].Certificate.RawData)!);
        }
        return chain;
    }

    // Seconds from now at which the entry is no longer there.
    private int Until(TlsServerContext server, List<Certificate> chain)
    {
        _time.Now = DateTimeOffset.UtcNow;
        var before = _cache.Count;
        _ = server.Verify(chain);
        _cache.Count.ShouldBe(before + 1);
        var start = _time.Now;
        for (var seconds = 0; seconds < 200; seconds++)
        {
            _time.Now = start.AddSeconds(seconds);
            if (TlsChainCheckIsFresh(server, chain))
            {
                return seconds;
            }
        }
        return int.MaxValue;
    }

    // A fresh verdict is one made at the time asked, a remembered one is older.
    private bool TlsChainCheckIsFresh(TlsServerContext server, List<Certificate> chain) =>
        server.Examine(chain).From == _time.Now.ToUnixTimeSeconds() && _time.Now > DateTimeOffset.UtcNow.AddSeconds(1);

    private static List<Certificate> Chain(params Identity[] identities) =>
        [.. identities.Select(each => Certificate.FromDer(each.Certificate.RawData)!)];

    private static void Free(List<Certificate> chain) => chain.ForEach(each => each.Dispose());

    private TlsServerOptions Options(
        int depth = 1, TlsVerifyMode mode = TlsVerifyMode.On, string? crl = null, TlsVerifyCache? cache = null, bool remembers = true) => new()
        {
            Certificates = [_pki.ServerPair],
            VerifyMode = mode,
            VerifyDepth = depth,
            ClientCertificate = _pki.RootFile,
            Crl = crl,
            VerifyCache = remembers ? cache ?? _cache : null,
            Time = _time,
        };
}
