using Countersign.Refusals;

namespace Countersign.Fuzz.Targets;

/// <summary>A ClientHello: whatever is in it, it is read or it is not, and no list in it is longer than its bytes. A part of it says no more than the whole.</summary>
public sealed class ClientHello : FuzzTarget
{
    public override string Name => "ClientHello";

    public override IReadOnlyList<string> Dictionary { get; } =
        ["\0\0", "\0\u0010", "\0\u002b", "\0\u000d", "\0\u0029", "\u00fe\u000d", "\u00ff\u00ff", "\u000a\u000a", "\u0002h2", "\u0003\u0004", "\u0001\0\0", "\0\u002a\0\0"];

    public override void Try(byte[] input)
    {
        var facts = ClientHelloReader.Read(input);
        for (var length = 0; length < input.Length; length += 7)
        {
            ClientHelloReader.Read(input.AsSpan(0, length));
        }
        if (facts is null)
        {
            return;
        }
        foreach (var list in (IReadOnlyList<int>[])[facts.Versions, facts.CipherSuites, facts.Groups, facts.SignatureAlgorithms, facts.CertificateSignatureAlgorithms, facts.Extensions])
        {
            (list.Count * 2).ShouldBeLessThanOrEqualTo(Math.Max(2, input.Length));
            list.ShouldAllBe(point => point >= 0 && point <= 0xffff);
        }
        facts.Alpn.Sum(name => name.Length + 1).ShouldBeLessThanOrEqualTo(input.Length);
        (facts.ServerName?.Length ?? 0).ShouldBeLessThan(input.Length);
        facts.Versions.ShouldNotBeEmpty();
        facts.Ja4.Split('_').Length.ShouldBe(3);
        facts.Ja4.Length.ShouldBe(36);
    }
}
