using System.Buffers.Text;
using System.Formats.Asn1;
using System.Text;

namespace Countersign.Refusals;

/// <summary>
/// What a file of certificates and revocation lists holds: PEM as OpenSSL reads it, with text around its blocks, or one DER. Whatever is in the file
/// ends in facts or in faults.
/// </summary>
public sealed record BundleFile
{
    public const string Certificate = "CERTIFICATE";

    private const string RevocationList = "X509 CRL";
    private const int LongestLine = 64 * 1024;

    private readonly List<BundleItem> _certificates = [];
    private readonly List<CrlFacts> _crls = [];
    private readonly List<BundleFault> _faults = [];

    private BundleFile(string path) => Path = path;

    public string Path { get; }

    public IReadOnlyList<BundleItem> Certificates => _certificates;

    public IReadOnlyList<CrlFacts> Crls => _crls;

    /// <summary>Everything in it that is neither, and should not be there.</summary>
    public IReadOnlyList<BundleFault> Faults => _faults;

    public static BundleFile Read(string path, ReadOnlyMemory<byte> content)
    {
        var file = new BundleFile(path);
        if (content.Span is [0x30, >= 0x80, ..] && First(content) is { Length: > 2 } der)
        {
            file.AddDer(der);
        }
        else
        {
            file.ReadPem(content.Span);
        }
        if (file._certificates.Count + file._crls.Count + file._faults.Count == 0)
        {
            file._faults.Add(new BundleFault(path, 0, Nothing(content.Span)));
        }
        return file;
    }

    private void ReadPem(ReadOnlySpan<byte> text)
    {
        string? label = null;
        var body = new List<byte>();
        var (line, begun) = (0, 0);
        while (!text.IsEmpty)
        {
            var end = text.IndexOf((byte)'\n');
            var current = (end < 0 ? text : text[..end]).Trim(" \t\r\0"u8);
            text = end < 0 ? [] : text[(end + 1)..];
            line++;
            if (Boundary(current, "-----BEGIN "u8) is { } opened)
            {
                if (label is not null)
                {
                    Fail(label, begun, $"ends without \"-----END {SafeText.Of(label)}-----\"");
                }
                (label, begun) = (opened, line);
                body.Clear();
            }
            else if (Boundary(current, "-----END "u8) is { } closed)
            {
                if (label is not null && closed != label)
                {
                    Fail(label, begun, $"ends with \"-----END {SafeText.Of(closed)}-----\"");
                }
                else if (label is not null)
                {
                    Decode(label, [.. body], begun);
                }
                label = null;
            }
            // A key is not read any further.
            else if (label is not null && current.Length <= LongestLine && IsListOrCertificate(label))
            {
                body.AddRange(current);
            }
        }
        if (label is not null)
        {
            Fail(label, begun, $"ends without \"-----END {SafeText.Of(label)}-----\"");
        }
    }

    private void Decode(string label, byte[] base64, int line)
    {
        if (!IsListOrCertificate(label))
        {
            AddOther(label, line);
            return;
        }
        var decoded = new byte[Base64.GetMaxDecodedFromUtf8Length(base64.Length)];
        if (Base64.DecodeFromUtf8(base64, decoded, out _, out var length) != System.Buffers.OperationStatus.Done || length == 0)
        {
            Fail(label, line, "is no base64");
            return;
        }
        var content = decoded.AsMemory(0, length);
        if (label != RevocationList)
        {
            var facts = CertificateReader.Read(First(content) ?? content);
            _certificates.Add(new BundleItem(Path, _certificates.Count + 1, line, facts, facts is null ? "is no certificate" : "") { Content = content, Label = label });
        }
        else if (CrlReader.Read(content, Path) is { } crl)
        {
            _crls.Add(crl);
        }
        else
        {
            Fail(label, line, "is none");
        }
    }

    private void AddDer(ReadOnlyMemory<byte> der)
    {
        if (CertificateReader.Read(der) is { } facts)
        {
            _certificates.Add(new BundleItem(Path, 1, 0, facts) { Content = der });
        }
        else if (CrlReader.Read(der, Path) is { } crl)
        {
            _crls.Add(crl);
        }
    }

    private void AddOther(string label, int line)
    {
        if (label.EndsWith("PRIVATE KEY", StringComparison.Ordinal))
        {
            _faults.Add(new BundleFault(Path, line, "a private key: it does not belong into a file of authorities") { IsKey = true });
        }
        else if (label is "PKCS7" or "CMS" or "PKCS #7 SIGNED DATA")
        {
            _faults.Add(new BundleFault(Path, line, $"PKCS #7, which nginx does not read; openssl pkcs7 -print_certs -in {Path} makes certificates of it"));
        }
    }

    private void Fail(string label, int line, string fault)
    {
        if (label == RevocationList)
        {
            _faults.Add(new BundleFault(Path, line, $"the revocation list {fault}"));
        }
        else if (IsListOrCertificate(label))
        {
            _certificates.Add(new BundleItem(Path, _certificates.Count + 1, line, null, fault) { Label = label });
        }
    }

    private static bool IsListOrCertificate(string label) => label is Certificate or "X509 CERTIFICATE" or "TRUSTED CERTIFICATE" or RevocationList;

    private static string? Boundary(ReadOnlySpan<byte> line, ReadOnlySpan<byte> start) =>
        line.StartsWith(start) && line.EndsWith("-----"u8) && line.Length is > 16 and < 80 ? Encoding.Latin1.GetString(line[start.Length..^5]) : null;

    // What follows the certificate of a TRUSTED CERTIFICATE is no part of it.
    private static ReadOnlyMemory<byte>? First(ReadOnlyMemory<byte> content)
    {
        try
        {
            AsnDecoder.ReadEncodedValue(content.Span, AsnEncodingRules.BER, out _, out _, out var length);
            return content[..length];
        }
        catch (AsnContentException)
        {
            return null;
        }
    }

    private static string Nothing(ReadOnlySpan<byte> content) => content switch
    {
        [] => "the file is empty",
        [0xff, 0xfe, ..] or [0xfe, 0xff, ..] => "the file is UTF-16; PEM is ASCII: iconv -f UTF-16 -t ASCII",
        [0x30, >= 0x80, ..] => "the file is binary and neither a certificate nor a revocation list; PKCS #12 is read by openssl pkcs12 -nokeys",
        _ => "there is no certificate in it",
    };
}

/// <summary>Something in a file that should not be there.</summary>
/// <param name="Line">0 when it is the file as a whole.</param>
public sealed record BundleFault(string File, int Line, string Text)
{
    public bool IsKey { get; init; }

    public override string ToString() => Line == 0 ? File : $"{File}:{Line}";
}
