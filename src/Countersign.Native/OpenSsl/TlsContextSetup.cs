namespace Countersign.Native;

/// <summary>The steps by which nginx fills an SSL_CTX, each with nginx's flags, order and words.</summary>
internal static unsafe class TlsContextSetup
{
    private const int MaximumRecord = 16384;

    /// <summary>False where OpenSSL has to read files into the default library, of which there is one.</summary>
    public static bool CanBeCopied(IReadOnlyList<(string Name, string Value)> commands) => !TlsConfCommands.ReadFiles(commands);

    /// <summary>ngx_ssl_create.</summary>
    /// <param name="commands">What <see cref="TlsConfCommands.Apply"/> will be given.</param>
    public static nint Create(TlsProtocols protocols, IReadOnlyList<(string Name, string Value)> commands)
    {
        NativeError.Clear();
        if (NativeLibraries.IsBroken)
        {
            throw new TlsConfigurationException("OPENSSL_init_ssl() failed");
        }
        var context = NativeContext.New(CanBeCopied(commands) ? TlsLibrary.Handle : 0, null, NativeContext.Method());
        if (context == 0)
        {
            throw TlsConfigurationException.FromQueue("SSL_CTX_new() failed");
        }
        var off = NativeContext.OptionNoSsl3 | NativeContext.OptionNoTls10 | NativeContext.OptionNoTls11
            | NativeContext.OptionNoTls12 | NativeContext.OptionNoTls13;
        _ = NativeContext.ClearOptions(context, off);
        off = Missing(protocols, TlsProtocols.Ssl3, NativeContext.OptionNoSsl3)
            | Missing(protocols, TlsProtocols.Tls10, NativeContext.OptionNoTls10)
            | Missing(protocols, TlsProtocols.Tls11, NativeContext.OptionNoTls11)
            | Missing(protocols, TlsProtocols.Tls12, NativeContext.OptionNoTls12)
            | Missing(protocols, TlsProtocols.Tls13, NativeContext.OptionNoTls13);
        var options = off | NativeContext.OptionDontInsertEmptyFragments | NativeContext.OptionNoCompression
            | NativeContext.OptionNoAntiReplay | NativeContext.OptionIgnoreUnexpectedEnd;
        if (NativeCrypto.VersionNumber() >= 0x30200000)
        {
            options |= NativeContext.OptionNoTransmitCertificateCompression | NativeContext.OptionNoReceiveCertificateCompression;
        }
        _ = NativeContext.SetOptions(context, options);
        // Distributions set a minimum in openssl.cnf; nginx takes it back and lets ssl_protocols alone decide.
        _ = NativeContext.Control(context, NativeContext.CommandMinimumVersion, 0, null);
        _ = NativeContext.Control(context, NativeContext.CommandMaximumVersion, NativeConnection.VersionTls13, null);
        // The two write modes are ours: the engine writes from an arena that may move between two tries.
        _ = NativeContext.Control(
            context,
            NativeContext.CommandMode,
            NativeContext.ModeReleaseBuffers | NativeContext.ModeNoAutoChain | NativeContext.ModePartialWrite | NativeContext.ModeMovingWriteBuffer,
            null);
        _ = NativeContext.Control(context, NativeContext.CommandReadAhead, 1, null);
        return context;
    }

    /// <summary>ngx_ssl_ciphers.</summary>
    public static void Ciphers(nint context, string list, bool preferServer)
    {
        fixed (byte* text = NativeText.Bytes(list))
        {
            Check(NativeContext.SetCiphers(context, text), $"SSL_CTX_set_cipher_list(\"{list}\") failed");
        }
        if (preferServer)
        {
            _ = NativeContext.SetOptions(context, NativeContext.OptionServerPreference);
        }
    }

    /// <summary>ngx_ssl_certificate. Adds the SHA-1 of the leaf, which nginx hashes into the session id context.</summary>
    public static void KeyPair(nint context, TlsKeyPair pair, IReadOnlyList<byte[]>? passwords, TlsMaterial material, List<byte[]> digests)
    {
        const int WithReferences = 1;
        var certificate = material.Certificate(pair.Certificate);
        Check(NativeContext.UseCertificate(context, certificate.Certificate), $"SSL_CTX_use_certificate(\"{pair.Certificate}\") failed");
        digests.Add(Certificate.DigestOf(certificate.Certificate, NativeCrypto.Sha1()));
        Check(
            (int)NativeContext.Control(context, NativeContext.CommandChain, WithReferences, (void*)certificate.Chain),
            $"SSL_CTX_set0_chain(\"{pair.Certificate}\") failed");
        Check(NativeContext.UsePrivateKey(context, material.Key(pair.Key, passwords).Key), $"SSL_CTX_use_PrivateKey(\"{pair.Key}\") failed");
    }

    /// <summary>For a copy of a context: the same store, and the same subjects named.</summary>
    public static void TrustAs(nint context, nint original)
    {
        NativeContext.UseStore(context, NativeContext.Store(original));
        var names = NativeContext.ClientAuthorities(original);
        if (names != 0)
        {
            NativeContext.SetClientAuthorities(context, NativeContext.CopyNames(names));
        }
    }

    /// <summary>ngx_ssl_client_certificate: ask for a certificate, trust these, and name their subjects to the client.</summary>
    public static void ClientCertificate(nint context, string? source, int depth) =>
        Authorities(context, NativeContext.VerifyPeer, source, depth, isNamed: true);

    /// <summary>ngx_ssl_trusted_certificate: keeps the mode, trusts these, names nobody.</summary>
    public static void TrustedCertificate(nint context, string? source, int depth) =>
        Authorities(context, NativeContext.VerifyMode(context), source, depth, isNamed: false);

    /// <summary>SHA-256 of each in lower-case hexadecimal.</summary>
    public static HashSet<string> TrustedSoFar(nint context)
    {
        var digests = new HashSet<string>(StringComparer.Ordinal);
        var objects = NativeX509.StoreObjects(NativeContext.Store(context));
        for (var i = 0; i < NativeCrypto.Count(objects); i++)
        {
            digests.Add(Convert.ToHexStringLower(Certificate.DigestOf(NativeX509.ObjectCertificate(NativeCrypto.Item(objects, i)), NativeCrypto.Sha256())));
        }
        return digests;
    }

    private static void Authorities(nint context, int mode, string? source, int depth, bool isNamed)
    {
        NativeContext.SetVerify(context, mode, TlsCallbacks.Verify);
        NativeContext.SetVerifyDepth(context, depth);
        if (string.IsNullOrEmpty(source))
        {
            return;
        }
        var trusted = PemSource.Authorities(source);
        try
        {
            var store = NativeContext.Store(context);
            for (var i = 0; i < NativeCrypto.Count(trusted); i++)
            {
                Check(NativeX509.AddToStore(store, NativeCrypto.Item(trusted, i)), $"X509_STORE_add_cert(\"{source}\") failed");
            }
            if (isNamed)
            {
                NativeContext.SetClientAuthorities(context, Names(trusted));
            }
        }
        finally
        {
            PemSource.FreeCertificates(trusted);
        }
    }

    /// <summary>ngx_ssl_crl: with a CRL every certificate of a chain must have one.</summary>
    public static void Crl(nint context, string? source)
    {
        if (string.IsNullOrEmpty(source))
        {
            return;
        }
        var store = NativeContext.Store(context);
        var crls = PemSource.Crls(source);
        try
        {
            for (var i = 0; i < NativeCrypto.Count(crls); i++)
            {
                Check(NativeX509.AddCrlToStore(store, NativeCrypto.Item(crls, i)), $"X509_STORE_add_crl(\"{source}\") failed");
            }
        }
        finally
        {
            PemSource.FreeCrls(crls);
        }
        _ = NativeX509.SetStoreFlags(store, NativeX509.FlagCrlCheckAll);
    }

    /// <summary>ngx_ssl_dhparam.</summary>
    public static void DhParam(nint context, string? path, TlsMaterial material)
    {
        if (string.IsNullOrEmpty(path))
        {
            return;
        }
        var parameters = material.Parameters(path).Key;
        _ = NativeCrypto.KeepKey(parameters);
        if (NativeContext.SetDiffieHellman(context, parameters) != 1)
        {
            NativeCrypto.FreeKey(parameters);
            throw TlsConfigurationException.FromQueue($"SSL_CTX_set0_tmp_dh_pkey(\"{path}\") failed");
        }
    }

    /// <returns>EVP_PKEY, the caller's.</returns>
    public static nint ReadParameters(string path)
    {
        nint bio;
        fixed (byte* name = NativeText.Bytes(path), mode = "r\0"u8)
        {
            bio = NativeBio.File(name, mode);
        }
        if (bio == 0)
        {
            throw TlsConfigurationException.FromQueue($"BIO_new_file(\"{path}\") failed");
        }
        using var library = TlsLibrary.InDefault();
        var parameters = NativeCrypto.ReadParametersPem(bio, null);
        _ = NativeBio.Free(bio);
        return parameters != 0 ? parameters : throw TlsConfigurationException.FromQueue($"PEM_read_bio_Parameters(\"{path}\") failed");
    }

    /// <summary>ngx_ssl_ecdh_curve.</summary>
    public static void Groups(nint context, string list)
    {
        if (list == "auto")
        {
            return;
        }
        fixed (byte* text = NativeText.Bytes(list))
        {
            Check((int)NativeContext.Control(context, NativeContext.CommandGroupsList, 0, text), $"SSL_CTX_set1_curves_list(\"{list}\") failed");
        }
    }

    /// <summary>
    /// The end of nginx's servername callback. SSL_set_SSL_CTX carries over only certificates, so verify mode, depth and
    /// options follow by hand.
    /// </summary>
    public static void Switch(nint ssl, nint context)
    {
        if (NativeConnection.SetContext(ssl, context) == 0)
        {
            throw TlsConfigurationException.FromQueue("SSL_set_SSL_CTX() failed");
        }
        NativeConnection.SetVerify(ssl, NativeContext.VerifyMode(context), NativeContext.VerifyCallback(context));
        NativeConnection.SetVerifyDepth(ssl, NativeContext.VerifyDepth(context));
        var options = NativeContext.Options(context);
        _ = NativeConnection.ClearOptions(ssl, NativeConnection.Options(ssl) & ~options);
        _ = NativeConnection.SetOptions(ssl, options | NativeContext.OptionNoRenegotiation);
    }

    /// <summary>From nginx's info callback: a flight that fits into one write saves a round trip.</summary>
    public static bool EnlargeHandshakeBuffer(nint ssl)
    {
        var write = NativeConnection.WriteBio(ssl);
        if (NativeConnection.ReadBio(ssl) == write)
        {
            return false;
        }
        _ = NativeBio.ControlInteger(write, NativeBio.CommandBufferSize, MaximumRecord, 1);
        return true;
    }

    // Each subject once, in the order of the file.
    private static nint Names(nint certificates)
    {
        var names = NativeCrypto.NewStack();
        for (var i = 0; i < NativeCrypto.Count(certificates); i++)
        {
            var subject = NativeX509.Subject(NativeCrypto.Item(certificates, i));
            var known = false;
            for (var j = 0; j < NativeCrypto.Count(names) && !known; j++)
            {
                known = NativeX509.CompareNames(NativeCrypto.Item(names, j), subject) == 0;
            }
            if (!known)
            {
                _ = NativeCrypto.Push(names, NativeX509.DuplicateName(subject));
            }
        }
        return names;
    }

    private static ulong Missing(TlsProtocols protocols, TlsProtocols wanted, ulong option) => (protocols & wanted) == 0 ? option : 0;

    internal static void Check(int result, string text)
    {
        if (result == 0)
        {
            throw TlsConfigurationException.FromQueue(text);
        }
    }
}
