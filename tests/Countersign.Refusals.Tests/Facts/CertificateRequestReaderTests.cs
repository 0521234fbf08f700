using System.Buffers.Binary;
using System.Security.Cryptography.X509Certificates;

namespace Countersign.Refusals.Tests.Facts;

public sealed class CertificateRequestReaderTests
{
    private static readonly byte[] Name = new X500DistinguishedName("CN=Root,O=Example").RawData;

    [Fact]
    public void A_request_of_TLS_1_3_has_names_and_schemes()
    {
        var facts = CertificateRequestReader.Read(Message([0, .. Vector([.. Extension(13, Vector([8, 4, 4, 3])), .. Extension(50, Vector([4, 1])), .. Extension(47, Vector(Vector(Name)))])]), 0x0304);
        facts.ShouldNotBeNull();
        facts.SignatureAlgorithms.Select(SignatureSchemes.Name).ShouldBe(["rsa_pss_rsae_sha256", "ecdsa_secp256r1_sha256"]);
        facts.CertificateSignatureAlgorithms.ShouldBe([0x0401]);
        facts.Authorities.Select(name => name.ToString()).ShouldBe(["CN=Root,O=Example"]);
        facts.Authorities[0].Raw.ToArray().ShouldBe(Name);
        facts.AuthorityBytes.ShouldBe(Name.Length + 2);
        facts.CertificateTypes.ShouldBeEmpty();
    }

    [Fact]
    public void A_request_of_TLS_1_2_has_types_as_well()
    {
        var facts = CertificateRequestReader.Read(Message([2, 1, 64, .. Vector([4, 3]), .. Vector(Vector(Name))]), 0x0303);
        facts.ShouldNotBeNull();
        facts.CertificateTypes.ShouldBe([1, 64]);
        facts.SignatureAlgorithms.ShouldBe([0x0403]);
        facts.Authorities.Count.ShouldBe(1);
    }

    [Fact]
    public void A_request_of_TLS_1_0_has_no_schemes()
    {
        var facts = CertificateRequestReader.Read(Message([1, 1, .. Vector([])]), 0x0301);
        facts.ShouldNotBeNull();
        facts.SignatureAlgorithms.ShouldBeEmpty();
        facts.Authorities.ShouldBeEmpty();
    }

    [Fact]
    public void A_name_that_is_none_is_counted()
    {
        var facts = CertificateRequestReader.Read(Message([1, 1, .. Vector([4, 3]), .. Vector([.. Vector([1, 2, 3]), .. Vector(Name)])]), 0x0303);
        facts.ShouldNotBeNull();
        facts.UnreadableAuthorities.ShouldBe(1);
        facts.Authorities.Count.ShouldBe(1);
    }

    [Theory]
    [InlineData(0x0303)]
    [InlineData(0x0304)]
    public void What_is_cut_anywhere_is_no_request_or_one_with_less(int version)
    {
        var whole = version == 0x0304
            ? Message([0, .. Vector([.. Extension(13, Vector([8, 4])), .. Extension(47, Vector(Vector(Name)))])])
            : Message([1, 1, .. Vector([8, 4]), .. Vector(Vector(Name))]);
        CertificateRequestReader.Read(whole, version)!.Authorities.Count.ShouldBe(1);
        for (var length = 0; length < whole.Length; length++)
        {
            CertificateRequestReader.Read(whole[..length], version)?.Authorities.ShouldBeEmpty();
        }
    }

    private static byte[] Message(byte[] body) => [13, 0, (byte)(body.Length >> 8), (byte)body.Length, .. body];

    private static byte[] Extension(int type, byte[] value) => [(byte)(type >> 8), (byte)type, .. Vector(value)];

    private static byte[] Vector(byte[] content)
    {
        var vector = new byte[content.Length + 2];
        BinaryPrimitives.WriteUInt16BigEndian(vector, (ushort)content.Length);
        content.CopyTo(vector, 2);
        return vector;
    }
}
