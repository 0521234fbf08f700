namespace Countersign.Native;

/// <summary>What a server's clients are shown and asked: its chain, its ciphers, and the CertificateRequest that has gone out. Any thread.</summary>
public sealed unsafe class TlsOffer
{
    private readonly TlsServerContext _context;
    private byte[]? _request12;
    private byte[]? _request13;

    internal TlsOffer(TlsServerContext context) => _context = context;

    /// <summary>
    /// The CertificateRequest that clients of a version get (RFC 8446 section 4.3.2, RFC 5246 section 7.4.4), with its header of four bytes; null
    /// until the first of them has got one.
    /// </summary>
    /// <param name="version">0x0303, 0x0304.</param>
    public byte[]? CertificateRequest(int version) => Volatile.Read(ref version == NativeConnection.VersionTls13 ? ref _request13 : ref _request12);

    /// <summary>There is nothing to learn of them any more.</summary>
    internal bool KnowsCertificateRequests => _context.Options.VerifyMode == TlsVerifyMode.Off
        || (Volatile.Read(ref _request12) is not null && Volatile.Read(ref _request13) is not null);

    internal void KeepCertificateRequest(int version, ReadOnlySpan<byte> message)
    {
        if (CertificateRequest(version) is null)
        {
            Volatile.Write(ref version == NativeConnection.VersionTls13 ? ref _request13 : ref _request12, message.ToArray());
        }
    }

    /// <summary>The server's own chain, leaf first, in DER; empty without a certificate. Of several certificates the last.</summary>
    public IReadOnlyList<byte[]> ReadChain()
    {
        ObjectDisposedException.ThrowIf(_context.Handle == 0, _context);
        var leaf = NativeContext.OwnCertificate(_context.Handle);
        if (leaf == 0)
        {
            return [];
        }
        nint chain = 0;
        _ = NativeContext.Control(_context.Handle, NativeContext.CommandGetChain, 0, &chain);
        IReadOnlyList<Certificate> all = [Certificate.Borrow(leaf), .. Certificate.BorrowAll(chain)];
        var encoded = all.Select(certificate => certificate.Der).ToList();
        foreach (var certificate in all)
        {
            certificate.Dispose();
        }
        return encoded;
    }

    /// <summary>
    /// The ClientHello that this context would send if it were a client's, with its header of four bytes: libssl has no other way to tell which
    /// groups a context takes (ssl_ecdh_curve, ssl_conf_command, security level, its own defaults). Empty where it would not come to one.
    /// </summary>
    public byte[] ReadHello()
    {
        const int RecordHeader = 5;
        ObjectDisposedException.ThrowIf(_context.Handle == 0, _context);
        NativeError.Clear();
        var ssl = NativeConnection.New(_context.Handle);
        if (ssl == 0)
        {
            return [];
        }
        var said = NativeBio.New(NativeBio.MemoryMethod());
        NativeConnection.SetBio(ssl, NativeBio.New(NativeBio.MemoryMethod()), said);
        NativeConnection.SetConnect(ssl);
        // Nothing answers: it ends when the hello is written.
        _ = NativeConnection.Handshake(ssl);
        NativeError.Clear();
        byte* bytes = null;
        var length = said == 0 ? 0 : (int)NativeBio.Control(said, NativeBio.CommandData, 0, &bytes);
        var hello = length > RecordHeader ? new ReadOnlySpan<byte>(bytes + RecordHeader, length - RecordHeader).ToArray() : [];
        NativeConnection.Free(ssl);
        return hello;
    }

    /// <summary>Cipher suites as code points, of all versions, in the server's order.</summary>
    public IReadOnlyList<int> ReadCipherSuites()
    {
        ObjectDisposedException.ThrowIf(_context.Handle == 0, _context);
        var ciphers = NativeContext.Ciphers(_context.Handle);
        var suites = new List<int>();
        for (var i = 0; i < NativeCrypto.Count(ciphers); i++)
        {
            suites.Add(NativeContext.CipherCode(NativeCrypto.Item(ciphers, i)));
        }
        return suites;
    }
}
