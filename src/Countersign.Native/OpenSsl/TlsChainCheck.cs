namespace Countersign.Native;

/// <summary>One verification of a client's chain: by libssl's X509_verify_cert, or remembered from the last time it did the same.</summary>
internal static unsafe class TlsChainCheck
{
    // Longer chains than anyone has are verified every time.
    private const int RememberedLength = 16;
    private const int MaximumProblems = 16;

    [ThreadStatic]
    private static List<TlsVerification>? _problems;

    /// <summary>The same, outside a handshake: for a client that is connected already, or for a test.</summary>
    /// <param name="leaf">X509.</param>
    /// <param name="untrusted">STACK_OF(X509) or 0.</param>
    public static ChainVerdict Run(TlsServerContext context, nint leaf, nint untrusted)
    {
        var verification = Begin(context, leaf, untrusted);
        try
        {
            return Run(context, verification, isTraced: false, out var result, out _) is { } verdict && result == 1
                ? verdict
                : new ChainVerdict(NativeX509.VerificationError(verification), 0, [], 0, 0);
        }
        finally
        {
            NativeX509.FreeVerification(verification);
            NativeError.Clear();
        }
    }

    /// <summary>The same under other circumstances, which neither the context nor its memory hears of.</summary>
    /// <param name="moment">Null is now.</param>
    public static TlsChainTrial Try(TlsServerContext context, nint leaf, nint untrusted, DateTimeOffset? moment, bool ignoresCrls)
    {
        var verification = Begin(context, leaf, untrusted);
        try
        {
            var parameters = NativeX509.VerificationParameter(verification);
            if (moment is { } time)
            {
                NativeX509.SetTime(parameters, (nint)time.ToUnixTimeSeconds());
            }
            if (ignoresCrls)
            {
                _ = NativeX509.ClearFlags(parameters, NativeX509.FlagCrlCheckAll);
            }
            var problems = _problems = [];
            _ = NativeX509.Verify(verification);
            _problems = null;
            var path = NativeX509.VerifiedPath(verification);
            return new TlsChainTrial(
                NativeX509.VerificationError(verification), problems, path == 0 ? [] : [.. Certificate.BorrowAll(path).Select(Der)]);
        }
        finally
        {
            NativeX509.FreeVerification(verification);
            NativeError.Clear();
        }
    }

    /// <summary>The path that a chain is verified by.</summary>
    /// <returns>STACK_OF(X509) with its own references; 0 when it is not verified.</returns>
    public static nint Path(TlsServerContext context, nint leaf, nint untrusted)
    {
        var verification = Begin(context, leaf, untrusted);
        try
        {
            // The verify callback goes on after every problem, as nginx's.
            return Verify(verification, out var problems) == 1 && problems.Count == 0
                && NativeX509.VerificationError(verification) == TlsVerification.Ok ? NativeX509.KeepVerifiedPath(verification) : 0;
        }
        finally
        {
            NativeX509.FreeVerification(verification);
            NativeError.Clear();
        }
    }

    private static byte[] Der(Certificate certificate)
    {
        using (certificate)
        {
            return certificate.Der;
        }
    }

    private static nint Begin(TlsServerContext context, nint leaf, nint untrusted)
    {
        NativeError.Clear();
        var verification = NativeX509.NewVerification(TlsLibrary.Handle, null);
        if (NativeX509.BeginVerification(verification, NativeContext.VerificationStore(context.Handle), leaf, untrusted) != 1)
        {
            NativeX509.FreeVerification(verification);
            throw TlsConfigurationException.FromQueue("X509_STORE_CTX_init() failed");
        }
        // In the order of libssl's ssl_verify_cert_chain.
        var parameters = NativeX509.VerificationParameter(verification);
        NativeX509.SetSecurityLevel(parameters, NativeContext.SecurityLevel(context.Handle));
        fixed (byte* purpose = "ssl_client\0"u8)
        {
            _ = NativeX509.SetDefaults(verification, purpose);
        }
        NativeX509.SetDepth(parameters, NativeContext.VerifyDepth(context.Handle));
        NativeX509.SetVerificationCallback(verification, TlsCallbacks.Verify);
        return verification;
    }

    /// <param name="isTraced">Each step is to be seen, so nothing is taken from memory.</param>
    /// <param name="result">What X509_verify_cert returned; its error stands in <paramref name="verification"/>.</param>
    /// <param name="isNew">False where it was remembered.</param>
    public static ChainVerdict Run(TlsServerContext context, nint verification, bool isTraced, out int result, out bool isNew)
    {
        var now = context.Time.GetUtcNow().ToUnixTimeSeconds();
        var cache = isTraced || !context.Trust.IsFixed ? null : context.Options.VerifyCache;
        var key = default(Sha256Digest);
        if (cache is not null && !TryKey(context.Trust, verification, ref key))
        {
            cache = null;
        }
        if (cache?.Find(key, now) is { } known)
        {
            NativeX509.SetVerificationError(verification, known.Error);
            NativeX509.SetVerificationDepth(verification, known.Depth);
            result = 1;
            isNew = false;
            return known;
        }
        isNew = true;
        result = Verify(verification, out var problems);
        var verdict = new ChainVerdict(
            NativeX509.VerificationError(verification), NativeX509.VerificationDepth(verification), problems, now, Until(context.Trust, verification, now));
        if (result == 1 && verdict.Until > now)
        {
            cache?.Add(key, verdict);
        }
        return verdict;
    }

    /// <summary>X509_verify_cert, and the first problems that the verify callback heard of.</summary>
    public static int Verify(nint verification, out List<TlsVerification> problems)
    {
        problems = _problems = [];
        var result = NativeX509.Verify(verification);
        _problems = null;
        return result;
    }

    /// <summary>From the verify callback.</summary>
    public static void Note(TlsVerification problem)
    {
        if (_problems is { Count: < MaximumProblems } problems)
        {
            problems.Add(problem);
        }
    }

    private static bool TryKey(TlsTrust trust, nint verification, ref Sha256Digest key)
    {
        const int DigestLength = 32;
        var presented = NativeX509.Untrusted(verification);
        var count = NativeCrypto.Count(presented);
        if (count > RememberedLength)
        {
            return false;
        }
        // The leaf first: libssl has it in the list as well, a chain asked for later has not.
        Span<byte> facts = stackalloc byte[DigestLength + 1 + ((RememberedLength + 1) * NativeX509.MaximumDigest)];
        trust.Identity.CopyTo(facts);
        facts[DigestLength] = (byte)trust.Mode;
        var length = DigestLength + 1;
        var sha256 = NativeCrypto.Sha256();
        fixed (byte* start = facts)
        {
            for (var i = First(verification, presented); i < count; i++)
            {
                uint written;
                var certificate = i < 0 ? NativeX509.VerifiedLeaf(verification) : NativeCrypto.Item(presented, i);
                if (certificate == 0 || NativeX509.Digest(certificate, sha256, start + length, &written) == 0)
                {
                    return false;
                }
                length += (int)written;
            }
            fixed (byte* digest = key.Bytes)
            {
                uint written;
                return NativeCrypto.Digest(start, (nuint)length, digest, &written, sha256, 0) != 0;
            }
        }
    }

    // OpenSSL reads a coarser clock, which may still say the second before: a boundary at this very second counts as ahead.
    private static long Until(TlsTrust trust, nint verification, long now)
    {
        var until = trust.NextBoundary(now - 1);
        var presented = NativeX509.Untrusted(verification);
        for (var i = First(verification, presented); i < NativeCrypto.Count(presented); i++)
        {
            var certificate = i < 0 ? NativeX509.VerifiedLeaf(verification) : NativeCrypto.Item(presented, i);
            if (certificate == 0)
            {
                continue;
            }
            foreach (var time in (ReadOnlySpan<nint>)[NativeX509.NotBefore(certificate), NativeX509.NotAfter(certificate)])
            {
                if (CertificateText.Moment(time)?.ToUnixTimeSeconds() is { } boundary && boundary >= now && boundary < until)
                {
                    until = boundary;
                }
            }
        }
        return until;
    }

    private static int First(nint verification, nint presented) =>
        NativeCrypto.Count(presented) > 0 && NativeCrypto.Item(presented, 0) == NativeX509.VerifiedLeaf(verification) ? 0 : -1;
}
