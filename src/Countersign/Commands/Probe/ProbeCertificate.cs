using System.Text;
using Countersign.Native;
using Countersign.Refusals;

namespace Countersign.Commands.Probe;

/// <summary>The client's certificate, as the files have it. The key is libssl's alone: nothing here reads it.</summary>
internal sealed record ProbeCertificate
{
    private const int LibraryX509 = 11;
    private const int KeyValuesMismatch = 116;

    public required string File { get; init; }

    public required string KeyFile { get; init; }

    /// <summary>As it would be sent, leaf first.</summary>
    public required IReadOnlyList<CertificateFacts> Chain { get; init; }

    /// <summary>For each but the last: the next one's key signed it.</summary>
    public required IReadOnlyList<bool> IsSignedByNext { get; init; }

    /// <summary>What libssl is given: the certificates as text, the key by its file.</summary>
    public required TlsKeyPair Pair { get; init; }

    /// <summary>The key is another certificate's, so that nothing can be sent.</summary>
    public bool IsOtherKey { get; init; }

    public CertificateFacts Leaf => Chain[0];

    /// <exception cref="UsageException">There is no certificate in the files, or no key.</exception>
    public static ProbeCertificate Read(string file, string? keyFile, string? chainFile)
    {
        var key = keyFile ?? file;
        var content = Content("--cert", file);
        var source = "data:" + Encoding.UTF8.GetString(content) + (chainFile is null ? "" : "\n" + Encoding.UTF8.GetString(Content("--chain", chainFile)));
        var (chain, signed) = Certificates(file, content, source);
        var certificate = new ProbeCertificate
        {
            File = file, KeyFile = key, Chain = chain, IsSignedByNext = signed, Pair = new TlsKeyPair(source, key),
        };
        return certificate with { IsOtherKey = !Fits(certificate, keyFile is null) };
    }

    private static byte[] Content(string option, string file) => InputFile.Content(file, $"countersign probe ... {option} {file}");

    private static (IReadOnlyList<CertificateFacts> Chain, IReadOnlyList<bool> IsSignedByNext) Certificates(string file, byte[] content, string source)
    {
        IReadOnlyList<Certificate> read = [];
        try
        {
            read = Certificate.ReadBundle(source);
            var facts = read.Select(one => CertificateReader.Read(one.Der)).ToList();
            return facts.Contains(null)
                ? throw new UsageException($"--cert {file} has a certificate that cannot be read", $"openssl x509 -in {file} -noout -text")
                : ([.. facts.OfType<CertificateFacts>()], [.. read.Zip(read.Skip(1), (subject, issuer) => subject.IsSignedBy(issuer))]);
        }
        catch (TlsConfigurationException) when (source.Contains("PRIVATE KEY-----", StringComparison.Ordinal))
        {
            throw new UsageException($"--cert {file} has a private key and no certificate", $"countersign probe ... --cert client.pem --key {file}");
        }
        catch (TlsConfigurationException)
        {
            var toPem = CertificateReader.Read(content) is null ? $"openssl pkcs12 -in {file} -nodes" : $"openssl x509 -in {file}";
            throw new UsageException(
                $"--cert {file} has no certificate in PEM; what Windows and Java export is turned into PEM first",
                $"{toPem} -out client.pem && countersign probe ... --cert client.pem");
        }
        finally
        {
            foreach (var one in read)
            {
                one.Dispose();
            }
        }
    }

    private static bool Fits(ProbeCertificate certificate, bool isSameFile)
    {
        try
        {
            using var context = ProbeTls.Context(certificate, protocols: null);
            return context.HasPair;
        }
        catch (TlsConfigurationException fault) when (fault.Error?.Entries.Any(entry => entry is { Library: LibraryX509, Reason: KeyValuesMismatch }) == true)
        {
            return false;
        }
        catch (TlsConfigurationException fault)
        {
            // The message of the exception would repeat the text of the certificate.
            var why = fault.Error?.Entries is { Count: > 0 } entries ? entries[^1].Text : "OpenSSL does not say why";
            throw isSameFile
                ? new UsageException($"{certificate.KeyFile} has no key that can be used ({why})", $"countersign probe ... --cert {certificate.File} --key client.key")
                : new UsageException($"--key {certificate.KeyFile} cannot be used ({why})", $"openssl pkey -in {certificate.KeyFile} -noout");
        }
    }
}
