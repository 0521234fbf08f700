using System.Security.Cryptography;

namespace Countersign.Native;

/// <summary>
/// What a context verifies clients against: trusted certificates, CRLs, depth, flags and security level. A verdict is a function of
/// the chain presented, of this, and of the time; over time it changes only where a certificate or a CRL begins or ends.
/// </summary>
public sealed unsafe class TlsTrust
{
    private const int CertificateObject = 1;
    private const int CrlObject = 2;

    private readonly byte[] _identity;
    private readonly long[] _boundaries;

    private TlsTrust(byte[] identity, TlsServerOptions options, long[] boundaries)
    {
        _identity = identity;
        Mode = options.VerifyMode;
        IsFixed = !LooksElsewhere(options);
        _boundaries = boundaries;
    }

    /// <summary>SHA-256. Equal exactly when the same chain gets the same verdict at any time; files and their order do not matter.</summary>
    public ReadOnlySpan<byte> Identity => _identity;

    public TlsVerifyMode Mode { get; }

    /// <summary>False where libssl looks into a folder or a store at each verification: what is trusted then is known to nobody, and the same as nothing else.</summary>
    public bool IsFixed { get; }

    /// <summary>Whether what was verified under <paramref name="other"/> counts here too.</summary>
    public bool IsSame(TlsTrust other) => ReferenceEquals(this, other) || Identity.SequenceEqual(other.Identity);

    /// <summary>Reads a context that is set up: whichever directive put a certificate into its store, it is counted.</summary>
    internal static TlsTrust Of(nint context, TlsServerOptions options)
    {
        var store = NativeContext.VerificationStore(context);
        var objects = NativeX509.StoreObjects(store);
        var digests = new List<byte[]>();
        var boundaries = new SortedSet<long>();
        for (var i = 0; i < NativeCrypto.Count(objects); i++)
        {
            var item = NativeCrypto.Item(objects, i);
            switch (NativeX509.ObjectKind(item))
            {
                case CertificateObject:
                    var certificate = NativeX509.ObjectCertificate(item);
                    digests.Add(Digest(CertificateObject, certificate, &NativeX509.EncodeAux));
                    Add(boundaries, NativeX509.NotBefore(certificate), NativeX509.NotAfter(certificate));
                    break;
                case CrlObject:
                    var crl = NativeX509.ObjectCrl(item);
                    digests.Add(Digest(CrlObject, crl, &NativeX509.EncodeCrl));
                    Add(boundaries, NativeX509.LastUpdate(crl), NativeX509.NextUpdate(crl));
                    break;
            }
        }
        digests.Sort(static (left, right) => left.AsSpan().SequenceCompareTo(right));
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        hash.AppendData(System.Text.Encoding.ASCII.GetBytes(string.Create(
            System.Globalization.CultureInfo.InvariantCulture,
            $"depth {NativeContext.VerifyDepth(context)} flags {NativeX509.ParameterFlags(NativeX509.StoreParameter(store))} level {NativeContext.SecurityLevel(context)};")));
        foreach (var digest in digests)
        {
            hash.AppendData(digest);
        }
        if (LooksElsewhere(options))
        {
            hash.AppendData(RandomNumberGenerator.GetBytes(32));
        }
        return new TlsTrust(hash.GetHashAndReset(), options, [.. boundaries]);
    }

    private static bool LooksElsewhere(TlsServerOptions options) => options.ConfCommands.Any(static command =>
        command.Name.Equals("VerifyCAPath", StringComparison.OrdinalIgnoreCase) || command.Name.Equals("VerifyCAStore", StringComparison.OrdinalIgnoreCase));

    /// <summary>The first second after <paramref name="moment"/> at which something trusted begins or ends.</summary>
    internal long NextBoundary(long moment)
    {
        var index = Array.BinarySearch(_boundaries, moment);
        index = index < 0 ? ~index : index + 1;
        return index < _boundaries.Length ? _boundaries[index] : long.MaxValue;
    }

    private static void Add(SortedSet<long> boundaries, nint begin, nint end)
    {
        foreach (var time in (ReadOnlySpan<nint>)[begin, end])
        {
            if (time != 0 && CertificateText.Moment(time) is { } moment)
            {
                boundaries.Add(moment.ToUnixTimeSeconds());
            }
        }
    }

    private static byte[] Digest(byte kind, nint item, delegate*<nint, byte**, int> encode)
    {
        var bytes = new byte[1 + Math.Max(0, encode(item, null))];
        bytes[0] = kind;
        fixed (byte* start = bytes)
        {
            var at = start + 1;
            _ = encode(item, &at);
        }
        return SHA256.HashData(bytes);
    }
}
