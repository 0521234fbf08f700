using System.Buffers.Binary;
using System.Formats.Asn1;
using System.Security.Cryptography;

namespace Countersign.Refusals;

/// <summary>CertificateRequest messages. Whatever a server sends ends in facts or in null.</summary>
public static class CertificateRequestReader
{
    private const int HeaderLength = 4;
    private const int Tls12 = 0x0303;
    private const int Tls13 = 0x0304;

    private const int ExtensionSignatureAlgorithms = 13;
    private const int ExtensionAuthorities = 47;
    private const int ExtensionCertificateSignatureAlgorithms = 50;

    /// <param name="message">With its header of type and length.</param>
    /// <param name="version">Negotiated, 0x0301 to 0x0304.</param>
    /// <returns>Null for what is no CertificateRequest of that version.</returns>
    public static CertificateRequestFacts? Read(ReadOnlyMemory<byte> message, int version)
    {
        if (message.Length < HeaderLength)
        {
            return null;
        }
        var facts = new CertificateRequestFacts { IsTls13 = version >= Tls13, Length = message.Length };
        var body = message[HeaderLength..];
        return version >= Tls13 ? ReadExtensions(facts, body) : ReadFields(facts, body, hasAlgorithms: version >= Tls12);
    }

    private static CertificateRequestFacts? ReadExtensions(CertificateRequestFacts facts, ReadOnlyMemory<byte> body)
    {
        if (!TryTake(ref body, 1, out _) || !TryTake(ref body, 2, out var extensions))
        {
            return null;
        }
        while (extensions.Length >= 4)
        {
            var type = BinaryPrimitives.ReadUInt16BigEndian(extensions.Span);
            extensions = extensions[2..];
            if (!TryTake(ref extensions, 2, out var value))
            {
                return null;
            }
            switch (type)
            {
                case ExtensionSignatureAlgorithms when TryTake(ref value, 2, out var schemes):
                    facts = facts with { SignatureAlgorithms = Numbers(schemes) };
                    break;
                case ExtensionCertificateSignatureAlgorithms when TryTake(ref value, 2, out var schemes):
                    facts = facts with { CertificateSignatureAlgorithms = Numbers(schemes) };
                    break;
                case ExtensionAuthorities when TryTake(ref value, 2, out var names):
                    facts = WithAuthorities(facts, names);
                    break;
            }
        }
        return facts;
    }

    private static CertificateRequestFacts? ReadFields(CertificateRequestFacts facts, ReadOnlyMemory<byte> body, bool hasAlgorithms)
    {
        if (!TryTake(ref body, 1, out var types))
        {
            return null;
        }
        facts = facts with { CertificateTypes = [.. types.ToArray()] };
        if (hasAlgorithms)
        {
            if (!TryTake(ref body, 2, out var schemes))
            {
                return null;
            }
            facts = facts with { SignatureAlgorithms = Numbers(schemes) };
        }
        return TryTake(ref body, 2, out var names) ? WithAuthorities(facts, names) : null;
    }

    private static CertificateRequestFacts WithAuthorities(CertificateRequestFacts facts, ReadOnlyMemory<byte> list)
    {
        var names = new List<DistinguishedName>();
        var unreadable = 0;
        var rest = list;
        while (TryTake(ref rest, 2, out var name))
        {
            try
            {
                names.Add(NameReader.Read(name));
            }
            catch (Exception fault) when (fault is AsnContentException or ArgumentException or CryptographicException or OverflowException)
            {
                unreadable++;
            }
        }
        return facts with { Authorities = names, UnreadableAuthorities = unreadable, AuthorityBytes = list.Length };
    }

    private static int[] Numbers(ReadOnlyMemory<byte> list)
    {
        var numbers = new int[list.Length / 2];
        for (var i = 0; i < numbers.Length; i++)
        {
            numbers[i] = BinaryPrimitives.ReadUInt16BigEndian(list.Span[(2 * i)..]);
        }
        return numbers;
    }

    /// <summary>A vector with a length of one or two bytes before it.</summary>
    private static bool TryTake(ref ReadOnlyMemory<byte> from, int lengthBytes, out ReadOnlyMemory<byte> vector)
    {
        vector = default;
        if (from.Length < lengthBytes)
        {
            return false;
        }
        var length = lengthBytes == 1 ? from.Span[0] : BinaryPrimitives.ReadUInt16BigEndian(from.Span);
        if (from.Length < lengthBytes + length)
        {
            return false;
        }
        vector = from.Slice(lengthBytes, length);
        from = from[(lengthBytes + length)..];
        return true;
    }
}
