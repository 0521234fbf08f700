using System.Net;
using System.Text;

namespace Countersign.Native;

/// <summary>
/// An X509 with its own reference. The values named as nginx's variables are byte for byte what ngx_event_openssl.c makes,
/// computed at the first question and kept.
/// </summary>
public sealed unsafe class Certificate : IDisposable
{
    private byte[]? _der;

    private Certificate(nint owned)
    {
        Handle = owned;
        NativeObjects.Add(NativeObject.Certificate);
    }

    ~Certificate() => Release();

    /// <summary>$ssl_client_s_dn.</summary>
    public byte[] SubjectDn => field ??= NativeText.Printed(NativeX509.Subject(X509), &CertificateText.Name);

    /// <summary>$ssl_client_i_dn.</summary>
    public byte[] IssuerDn => field ??= NativeText.Printed(NativeX509.Issuer(X509), &CertificateText.Name);

    /// <summary>$ssl_client_s_dn_legacy.</summary>
    public byte[] SubjectDnLegacy => field ??= CertificateText.LegacyName(NativeX509.Subject(X509));

    /// <summary>$ssl_client_i_dn_legacy.</summary>
    public byte[] IssuerDnLegacy => field ??= CertificateText.LegacyName(NativeX509.Issuer(X509));

    /// <summary>$ssl_client_serial: upper-case hexadecimal.</summary>
    public byte[] Serial => field ??= NativeText.Printed(NativeX509.Serial(X509), &CertificateText.Integer);

    /// <summary>$ssl_client_fingerprint: SHA-1 in lower-case hexadecimal.</summary>
    public byte[] Fingerprint => field ??= Encoding.ASCII.GetBytes(Convert.ToHexStringLower(DigestOf(X509, NativeCrypto.Sha1())));

    /// <summary>$ssl_client_v_start.</summary>
    public byte[] ValidStart => field ??= NativeText.Printed(NativeX509.NotBefore(X509), &CertificateText.Time);

    /// <summary>$ssl_client_v_end.</summary>
    public byte[] ValidEnd => field ??= NativeText.Printed(NativeX509.NotAfter(X509), &CertificateText.Time);

    /// <summary>$ssl_client_raw_cert: PEM with its final line feed.</summary>
    public byte[] Pem => field ??= CertificateText.Pem(Der);

    /// <summary>$ssl_client_cert: a tab after each line feed, and without the final one.</summary>
    public byte[] PemWithTabs => field ??= CertificateText.WithTabs(Pem);

    /// <summary>$ssl_client_escaped_cert.</summary>
    public byte[] EscapedPem => field ??= CertificateText.Escape(Pem);

    public byte[] Der => _der ??= Encode(X509, &NativeX509.Encode);

    public byte[] Sha256 => field ??= DigestOf(X509, NativeCrypto.Sha256());

    /// <summary>SHA-256 of the SubjectPublicKeyInfo.</summary>
    public byte[] PublicKeySha256 =>
        field ??= System.Security.Cryptography.SHA256.HashData(Encode(NativeX509.PublicKey(X509), &NativeX509.EncodePublicKey));

    /// <summary>$ssl_client_sha256: of the certificate, in lower-case hexadecimal.</summary>
    public byte[] Sha256Text => field ??= Encoding.ASCII.GetBytes(Convert.ToHexStringLower(Sha256));

    /// <summary>$ssl_client_spki_sha256: of the key, in lower-case hexadecimal.</summary>
    public byte[] PublicKeySha256Text => field ??= Encoding.ASCII.GetBytes(Convert.ToHexStringLower(PublicKeySha256));

    /// <summary>Empty without the extension.</summary>
    public byte[] SubjectKeyId => field ??= CertificateText.StringBytes(NativeX509.SubjectKeyId(X509));

    /// <summary>Empty without the extension.</summary>
    public byte[] AuthorityKeyId => field ??= CertificateText.StringBytes(NativeX509.AuthorityKeyId(X509));

    public DateTimeOffset NotBefore => CertificateText.Moment(NativeX509.NotBefore(X509)) ?? DateTimeOffset.MinValue;

    public DateTimeOffset NotAfter => CertificateText.Moment(NativeX509.NotAfter(X509)) ?? DateTimeOffset.MaxValue;

    public CertificateNames AlternativeNames => field ??= CertificateNames.Read(X509);

    public CertificateUse Use => field ??= CertificateUse.Read(X509);

    public bool IsSelfIssued => NativeX509.CompareNames(NativeX509.Subject(X509), NativeX509.Issuer(X509)) == 0;

    internal nint Handle { get; private set; }

    private nint X509
    {
        get
        {
            ObjectDisposedException.ThrowIf(Handle == 0, this);
            return Handle;
        }
    }

    /// <summary>$ssl_client_v_remain: whole days left, 0 below one day, empty when the date cannot be read.</summary>
    public byte[] ValidRemain(DateTimeOffset now)
    {
        if (CertificateText.Moment(NativeX509.NotAfter(X509)) is not { } end)
        {
            return [];
        }
        var seconds = end.ToUnixTimeSeconds() - now.ToUnixTimeSeconds();
        return seconds < 86400 ? "0"u8.ToArray() : Encoding.ASCII.GetBytes((seconds / 86400).ToString(System.Globalization.CultureInfo.InvariantCulture));
    }

    /// <summary>Whether libcrypto knows keys of its kind and can read this one.</summary>
    public bool HasReadableKey
    {
        get
        {
            var isReadable = NativeX509.KeyOf(X509) != 0;
            NativeError.Clear();
            return isReadable;
        }
    }

    /// <summary>Whether the key of <paramref name="issuer"/> signed this, whatever the names say.</summary>
    public bool IsSignedBy(Certificate issuer)
    {
        var key = NativeX509.KeyOf(issuer.X509);
        var result = key == 0 ? 0 : NativeX509.VerifySignature(X509, key);
        NativeError.Clear();
        GC.KeepAlive(issuer);
        return result == 1;
    }

    /// <summary>X509_check_host, as proxy_ssl_verify asks it. An empty name matches nothing.</summary>
    public bool MatchesHost(string name)
    {
        if (name.Length == 0)
        {
            return false;
        }
        var bytes = NativeText.Bytes(name);
        fixed (byte* text = bytes)
        {
            var result = NativeX509.CheckHost(X509, text, (nuint)bytes.Length - 1, 0, null);
            NativeError.Clear();
            return result == 1;
        }
    }

    /// <returns>Null when the bytes are no certificate.</returns>
    public static Certificate? FromDer(ReadOnlySpan<byte> der)
    {
        fixed (byte* start = der)
        {
            var at = start;
            var certificate = NativeX509.New(TlsLibrary.Handle, null);
            var isRead = NativeX509.Decode(&certificate, &at, der.Length) != 0;
            NativeError.Clear();
            return isRead ? new Certificate(certificate) : null;
        }
    }

    /// <summary>Every certificate of a file, as nginx reads a bundle to trust.</summary>
    /// <exception cref="TlsConfigurationException">with nginx's text.</exception>
    public static IReadOnlyList<Certificate> ReadBundle(string source)
    {
        var stack = PemSource.Authorities(source);
        try
        {
            return BorrowAll(stack);
        }
        finally
        {
            PemSource.FreeCertificates(stack);
        }
    }

    public void Dispose()
    {
        Release();
        GC.SuppressFinalize(this);
    }

    internal static Certificate Borrow(nint certificate)
    {
        NativeX509.Keep(certificate);
        return new Certificate(certificate);
    }

    internal static IReadOnlyList<Certificate> BorrowAll(nint stack)
    {
        var count = stack == 0 ? 0 : NativeCrypto.Count(stack);
        if (count <= 0)
        {
            return [];
        }
        var list = new Certificate[count];
        for (var i = 0; i < count; i++)
        {
            list[i] = Borrow(NativeCrypto.Item(stack, i));
        }
        return list;
    }

    internal static byte[] DigestOf(nint certificate, nint algorithm)
    {
        var digest = stackalloc byte[NativeX509.MaximumDigest];
        uint length;
        if (NativeX509.Digest(certificate, algorithm, digest, &length) == 0)
        {
            throw TlsConfigurationException.FromQueue("X509_digest() failed");
        }
        return new ReadOnlySpan<byte>(digest, (int)length).ToArray();
    }

    private static byte[] Encode(nint subject, delegate*<nint, byte**, int> encode)
    {
        var bytes = new byte[Math.Max(0, encode(subject, null))];
        fixed (byte* start = bytes)
        {
            var at = start;
            _ = encode(subject, &at);
        }
        return bytes;
    }

    private void Release()
    {
        if (Handle == 0)
        {
            return;
        }
        NativeX509.Free(Handle);
        Handle = 0;
        NativeObjects.Remove(NativeObject.Certificate);
    }
}
