using System.Formats.Asn1;
using System.Numerics;
using Countersign.Refusals;

namespace Countersign.Fuzz.Targets;

/// <summary>A revocation list beside a reader that goes through it entry by entry: the same number of entries, and each is found by its serial number.</summary>
public sealed class CrlDer : FuzzTarget
{
    public override string Name => "CrlDer";

    public override int Inputs => 6_000;

    public override IReadOnlyList<string> Dictionary { get; } =
    [
        "\u0030\u0080", "\0\0", "\u0030\u0082\u00ff\u00ff", "\u0006\u0003\u0055\u001d\u001b", "\u0006\u0003\u0055\u001d\u001c", "\u0006\u0003\u0055\u001d\u0015", "\u000a\u0001\u0008",
        "\u0002\u0001\u00ff", "\u0002\u0002\0\u00ff", "\u0017\u000d491231235959Z", "\u0030\u0014\u0002\u0001\u0007\u0017\u000d260101000000Z", "\u0081\u0001\u00ff", "\u00a0\0",
    ];

    public override void Try(byte[] input)
    {
        if (CrlReader.Read(input) is not { } facts)
        {
            return;
        }
        var serials = Serials(input);
        facts.Count.ShouldBe(serials.Count);
        foreach (var serial in serials.Take(64))
        {
            _ = facts.Find(Text(serial));
        }
        facts.Find("7A7A7A7A7A7A").ShouldBeNull();
        facts.Number.Length.ShouldBeLessThan(64);
        facts.Scope.Count.ShouldBeLessThanOrEqualTo(input.Length);
    }

    private static List<BigInteger> Serials(byte[] input)
    {
        List<BigInteger> serials = [];
        var body = new AsnReader(input, AsnEncodingRules.BER).ReadSequence().ReadSequence();
        if (body.PeekTag().HasSameClassAndValue(Asn1Tag.Integer))
        {
            body.ReadEncodedValue();
        }
        body.ReadEncodedValue();
        body.ReadEncodedValue();
        body.ReadEncodedValue();
        if (body.HasData && body.PeekTag() is { TagClass: TagClass.Universal, TagValue: 23 or 24 })
        {
            body.ReadEncodedValue();
        }
        if (body.HasData && body.PeekTag().HasSameClassAndValue(Asn1Tag.Sequence))
        {
            for (var entries = body.ReadSequence(); entries.HasData;)
            {
                serials.Add(entries.ReadSequence().ReadInteger());
            }
        }
        return serials;
    }

    private static string Text(BigInteger serial) =>
        (serial.Sign < 0 ? "-" : "") + Convert.ToHexString(BigInteger.Abs(serial).ToByteArray(isUnsigned: true, isBigEndian: true));
}
