namespace Countersign.Native;

/// <summary>
/// The verified path of a connected client, leaf first, and what its authorities' responders are asked and answer about it. Used on the thread of
/// its connection, and not after the connection's context is gone.
/// </summary>
public sealed unsafe class TlsOcspPath : IDisposable
{
    // Seconds by which the responder's clock may be ahead, as nginx.
    private const int Leeway = 300;

    private const int Day = 24 * 3600;
    private const int Sha1Length = 20;

    private readonly TlsServerContext _context;
    private nint _path;

    private TlsOcspPath(TlsServerContext context, nint path)
    {
        _context = context;
        _path = path;
        Count = NativeCrypto.Count(path);
    }

    ~TlsOcspPath() => Release();

    /// <summary>Certificates from the leaf to the one that is trusted.</summary>
    public int Count { get; }

    /// <summary>Verifies once more: neither a resumed session nor a remembered verdict has kept the path.</summary>
    /// <param name="context">Whose trust verifies it, of the connection or of another plan.</param>
    /// <returns>Null when it cannot be verified.</returns>
    public static TlsOcspPath? Of(TlsConnection connection, TlsServerContext context)
    {
        var leaf = NativeConnection.PeerCertificate(connection.Ssl);
        if (leaf == 0)
        {
            return null;
        }
        var path = TlsChainCheck.Path(context, leaf, NativeConnection.PeerChain(connection.Ssl));
        GC.KeepAlive(connection);
        return path == 0 ? null : new TlsOcspPath(context, path);
    }

    public byte[] Der(int depth)
    {
        using var certificate = Certificate.Borrow(At(depth));
        return certificate.Der;
    }

    /// <summary>The first responder that the certificate names (authorityInfoAccess), or null.</summary>
    public string? ResponderOf(int depth)
    {
        var urls = NativeOcsp.Urls(At(depth));
        if (urls == 0)
        {
            NativeError.Clear();
            return null;
        }
        var url = NativeCrypto.Count(urls) > 0 ? NativeText.String((byte*)NativeCrypto.Item(urls, 0)) : null;
        NativeOcsp.FreeUrls(urls);
        return url;
    }

    /// <summary>
    /// nginx's key of its cache, digests of the issuer's name and key and the serial number, and what the answer's signature was held against: under
    /// other trust it may count for nothing.
    /// </summary>
    /// <returns>Null for a serial number longer than RFC 5280 allows.</returns>
    public string? KeyOf(int depth)
    {
        const int LongestSerial = 20;
        NativeError.Clear();
        var issuer = At(depth + 1);
        var digests = stackalloc byte[2 * Sha1Length];
        uint length;
        var sha1 = NativeCrypto.Sha1();
        if (NativeX509.DigestName(NativeX509.Subject(issuer), sha1, digests, &length) == 0
            || NativeOcsp.DigestKey(issuer, sha1, digests + Sha1Length, &length) == 0)
        {
            throw TlsConfigurationException.FromQueue("X509_pubkey_digest() failed");
        }
        var number = NativeX509.Serial(At(depth));
        var serial = CertificateText.StringBytes(number);
        return serial.Length > LongestSerial ? null : string.Create(System.Globalization.CultureInfo.InvariantCulture,
            $"{Convert.ToHexString(new ReadOnlySpan<byte>(digests, 2 * Sha1Length))}{Convert.ToHexString(_context.Trust.Identity)}{NativeX509.StringType(number)}:{Convert.ToHexString(serial)}");
    }

    /// <summary>The question about a certificate, which is not the last of the path: an OCSPRequest in DER.</summary>
    public byte[] Question(int depth)
    {
        NativeError.Clear();
        var request = NativeOcsp.NewRequest();
        try
        {
            var id = NativeOcsp.IdOf(0, At(depth), At(depth + 1));
            if (id == 0 || NativeOcsp.AddId(request, id) == 0)
            {
                NativeOcsp.FreeId(id);
                throw TlsConfigurationException.FromQueue("OCSP_request_add0_id() failed");
            }
            var bytes = new byte[Math.Max(0, NativeOcsp.EncodeRequest(request, null))];
            fixed (byte* start = bytes)
            {
                var at = start;
                _ = NativeOcsp.EncodeRequest(request, &at);
            }
            return bytes;
        }
        finally
        {
            NativeOcsp.FreeRequest(request);
        }
    }

    /// <summary>nginx's <c>ngx_ssl_ocsp_verify</c>.</summary>
    /// <param name="isEndless">
    /// An answer that does not say how long it holds does so for ever, as under nginx, and not for a day: whoever has kept one of last year could show
    /// it, for there is nothing in the question that the answer has to repeat.
    /// </param>
    /// <param name="problem">Why the response is worth nothing, in nginx's words.</param>
    /// <returns>Null with a problem.</returns>
    public TlsOcspAnswer? Answer(int depth, ReadOnlySpan<byte> der, bool isEndless, out string problem)
    {
        NativeError.Clear();
        nint response;
        fixed (byte* start = der)
        {
            var at = start;
            response = NativeOcsp.DecodeResponse(null, &at, der.Length);
        }
        if (response == 0)
        {
            problem = Failed("d2i_OCSP_RESPONSE()");
            return null;
        }
        try
        {
            return NativeOcsp.ResponseStatus(response) is var status and not NativeOcsp.Successful
                ? Nothing($"OCSP response not successful ({status}: {NativeText.String(NativeOcsp.ResponseStatusText(status))})", out problem)
                : OfBasic(depth, NativeOcsp.Basic(response), isEndless, out problem);
        }
        finally
        {
            NativeOcsp.FreeResponse(response);
        }
    }

    private TlsOcspAnswer? OfBasic(int depth, nint basic, bool isEndless, out string problem)
    {
        if (basic == 0)
        {
            return Nothing(Failed("OCSP_response_get1_basic()"), out problem);
        }
        nint id = 0;
        try
        {
            if (NativeOcsp.Verify(basic, _path, NativeContext.Store(_context.Handle), 0) != 1)
            {
                return Nothing(Failed("OCSP_basic_verify()"), out problem);
            }
            id = NativeOcsp.IdOf(0, At(depth), At(depth + 1));
            if (id == 0)
            {
                return Nothing(Failed("OCSP_cert_to_id()"), out problem);
            }
            int status, reason;
            nint revoked, thisUpdate, nextUpdate;
            if (NativeOcsp.FindStatus(basic, id, &status, &reason, &revoked, &thisUpdate, &nextUpdate) != 1)
            {
                return Nothing("certificate status not found in the OCSP response", out problem);
            }
            if (NativeOcsp.CheckValidity(thisUpdate, nextUpdate, Leeway, nextUpdate != 0 || isEndless ? -1 : Day) != 1)
            {
                return Nothing(Failed("OCSP_check_validity()"), out problem);
            }
            problem = "";
            var isRevoked = status == (int)TlsOcspStatus.Revoked;
            return new TlsOcspAnswer(
                status is (int)TlsOcspStatus.Good or (int)TlsOcspStatus.Revoked ? (TlsOcspStatus)status : TlsOcspStatus.Unknown,
                isRevoked ? CertificateText.Moment(revoked) : null,
                isRevoked && reason >= 0 ? NativeText.String(NativeOcsp.ReasonText(reason)) : "",
                CertificateText.Moment(thisUpdate),
                nextUpdate == 0 ? null : CertificateText.Moment(nextUpdate));
        }
        finally
        {
            NativeOcsp.FreeId(id);
            NativeOcsp.FreeBasic(basic);
            NativeError.Clear();
        }
    }

    public void Dispose()
    {
        Release();
        GC.SuppressFinalize(this);
    }

    private nint At(int depth)
    {
        ObjectDisposedException.ThrowIf(_path == 0, this);
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual((uint)depth, (uint)Count);
        return NativeCrypto.Item(_path, depth);
    }

    private static TlsOcspAnswer? Nothing(string what, out string problem)
    {
        problem = what;
        return null;
    }

    private static string Failed(string call) => TlsError.Take(call).ToString();

    private void Release()
    {
        if (_path != 0)
        {
            PemSource.FreeCertificates(_path);
            _path = 0;
        }
    }
}
