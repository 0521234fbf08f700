using System.Formats.Asn1;
using System.Globalization;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;

namespace Countersign.Testing;

public enum OcspStatus
{
    Good,
    Revoked,
    Unknown,
}

/// <summary>What an OCSP response looks like, also one that nobody should send; the default says good, signed by the issuer itself.</summary>
public sealed record OcspShape
{
    public OcspStatus Status { get; init; }

    /// <summary>Statuses of the same certificate after the first.</summary>
    public IReadOnlyList<OcspStatus> More { get; init; } = [];
    public DateTimeOffset ThisUpdate { get; init; } = DateTimeOffset.UtcNow.AddHours(-1);

    /// <summary>Null leaves it out.</summary>
    public DateTimeOffset? NextUpdate { get; init; } = DateTimeOffset.UtcNow.AddDays(1);

    /// <summary>Null is the issuer.</summary>
    public Identity? Signer { get; init; }

    /// <summary>Sent beside the answer.</summary>
    public IReadOnlyList<Identity> Certificates { get; init; } = [];

    /// <summary>Whose names and key the answer is about, when that is not the issuer.</summary>
    public Identity? IssuerNamed { get; init; }

    /// <summary>OCSPResponseStatus; other than 0 there is nothing more in the response.</summary>
    public int ResponseStatus { get; init; }

    /// <summary>As a responder sends it.</summary>
    public static string Http(ReadOnlySpan<byte> response) => Http("HTTP/1.0 200 OK\r\nContent-Type: application/ocsp-response", response);

    /// <param name="head">Without the length and the empty line.</param>
    public static string Http(string head, ReadOnlySpan<byte> response) =>
        string.Create(CultureInfo.InvariantCulture, $"{head}\r\nContent-Length: {response.Length}\r\n\r\n{Encoding.Latin1.GetString(response)}");

    /// <summary>OCSPResponse of RFC 6960.</summary>
    internal byte[] Encode(Identity issuer, Identity certificate)
    {
        var signer = Signer ?? issuer;
        var response = new AsnWriter(AsnEncodingRules.DER);
        using (response.PushSequence())
        {
            response.WriteEncodedValue([0x0a, 1, (byte)ResponseStatus]);
            if (ResponseStatus == 0)
            {
                using var bytes = response.PushSequence(Context(0));
                using var typed = response.PushSequence();
                response.WriteObjectIdentifier("1.3.6.1.5.5.7.48.1.1");
                response.WriteOctetString(Basic(Data(IssuerNamed ?? issuer, certificate, signer), signer));
            }
        }

        return response.Encode();
    }

    private byte[] Basic(byte[] data, Identity signer)
    {
        var (algorithm, signature) = signer.Sign(data);
        var basic = new AsnWriter(AsnEncodingRules.DER);
        using (basic.PushSequence())
        {
            basic.WriteEncodedValue(data);
            basic.WriteEncodedValue(algorithm);
            basic.WriteBitString(signature);
            if (Certificates.Count > 0)
            {
                using var certificates = basic.PushSequence(Context(0));
                using var list = basic.PushSequence();
                foreach (var certificate in Certificates)
                {
                    basic.WriteEncodedValue(certificate.Certificate.RawData);
                }
            }
        }

        return basic.Encode();
    }

    private byte[] Data(Identity issuer, Identity certificate, Identity signer)
    {
        var data = new AsnWriter(AsnEncodingRules.DER);
        using (data.PushSequence())
        {
            using (data.PushSequence(Context(1)))
            {
                data.WriteEncodedValue(signer.Certificate.SubjectName.RawData);
            }

            data.WriteGeneralizedTime(DateTimeOffset.UtcNow, omitFractionalSeconds: true);
            using (data.PushSequence())
            {
                foreach (var status in (OcspStatus[])[Status, .. More])
                {
                    WriteOne(data, issuer.Certificate, certificate.Certificate, status);
                }
            }
        }

        return data.Encode();
    }

    private void WriteOne(AsnWriter data, X509Certificate2 issuer, X509Certificate2 certificate, OcspStatus status)
    {
        using var one = data.PushSequence();
        using (data.PushSequence())
        {
            using (data.PushSequence())
            {
                data.WriteObjectIdentifier("1.3.14.3.2.26");
                data.WriteNull();
            }

            // The name of a certificate's hash is SHA-1 here, whatever is thought of it elsewhere.
#pragma warning disable CA5350
            data.WriteOctetString(SHA1.HashData(issuer.SubjectName.RawData));
            data.WriteOctetString(SHA1.HashData(issuer.PublicKey.EncodedKeyValue.RawData));
#pragma warning restore CA5350
            data.WriteInteger(certificate.SerialNumberBytes.Span);
        }

        WriteStatus(data, status);
        data.WriteGeneralizedTime(ThisUpdate, omitFractionalSeconds: true);
        if (NextUpdate is { } end)
        {
            using var tagged = data.PushSequence(Context(0));
            data.WriteGeneralizedTime(end, omitFractionalSeconds: true);
        }
    }

    private static void WriteStatus(AsnWriter data, OcspStatus status)
    {
        if (status == OcspStatus.Revoked)
        {
            using var revoked = data.PushSequence(Context(1));
            data.WriteGeneralizedTime(DateTimeOffset.UtcNow.AddDays(-3), omitFractionalSeconds: true);
        }
        else
        {
            data.WriteNull(new Asn1Tag(TagClass.ContextSpecific, (int)status));
        }
    }

    private static Asn1Tag Context(int number) => new(TagClass.ContextSpecific, number, isConstructed: true);
}
