using System.Globalization;
using System.Security.Cryptography;
using Countersign.Refusals;

namespace Countersign.Pkits;

/// <summary>Every certificate and list of the package, PKITS's and the odd ones beside it, is read as openssl reads it.</summary>
public sealed class ReaderTests
{
    private const string Data = "/usr/lib/python3/dist-packages/cryptography_vectors/x509";

    [Fact]
    public async Task Certificates_of_others_are_read_as_openssl_reads_them()
    {
        List<string> wrong = [];
        var count = 0;
        await Parallel.ForEachAsync(Files("*.crt", "*.pem", "*.der"), new ParallelOptions { MaxDegreeOfParallelism = 4 }, async (file, _) =>
        {
            // Its names and numbers first, then the certificate itself.
            var said = await OpenSsl.Run("x509", "-in", file, "-subject", "-issuer", "-nameopt", "RFC2253", "-serial", "-fingerprint", "-sha256", "-subject_hash", "-issuer_hash");
            if (said.ExitCode != 0)
            {
                return;
            }
            var lines = said.Output.Split('\n');
            var facts = CertificateReader.Read(Convert.FromBase64String(said.Output[PemEncoding.Find(said.Output).Base64Data]));
            string[] read = facts is null ? [] :
            [
                $"subject={facts.Subject.Text}", $"issuer={facts.Issuer.Text}", $"serial={facts.Serial}", $"sha256 Fingerprint={Colons(facts.Sha256)}",
            ];
            lock (wrong)
            {
                count++;
                if (!read.SequenceEqual(lines.Take(4)) || facts!.IsSelfIssued != (lines[4] == lines[5]))
                {
                    wrong.Add($"{file}\n{said.Output}{said.Error}{string.Join('\n', read)} {facts?.IsSelfIssued}");
                }
            }
        });
        count.ShouldBeGreaterThan(400);
        wrong.ShouldBeEmpty();
    }

    [Fact]
    public async Task Lists_of_others_are_read_as_openssl_reads_them()
    {
        List<string> wrong = [];
        var count = 0;
        await Parallel.ForEachAsync(Files("*.crl"), new ParallelOptions { MaxDegreeOfParallelism = 4 }, async (file, _) =>
        {
            var said = await OpenSsl.Run("crl", "-inform", "der", "-in", file, "-noout", "-issuer", "-nameopt", "RFC2253", "-text");
            if (said.ExitCode != 0)
            {
                return;
            }
            var facts = CrlReader.Read(await File.ReadAllBytesAsync(file, CancellationToken.None));
            var entries = said.Output.Split("    Serial Number: ").Length - 1;
            var serials = said.Output.Split("    Serial Number: ").Skip(1).Select(text => text[..text.IndexOf('\n')]).ToList();
            lock (wrong)
            {
                count++;
                if (facts?.Count != entries || !said.Output.Contains($"issuer={facts.Issuer.Text}\n", StringComparison.Ordinal) || serials.Exists(serial => facts.Find(serial) is null)
                    || facts.IsDelta != said.Output.Contains("Delta CRL Indicator", StringComparison.Ordinal))
                {
                    wrong.Add(string.Create(CultureInfo.InvariantCulture, $"{file}: {facts?.Count} of {entries}\n{said.Output}"));
                }
            }
        });
        count.ShouldBeGreaterThan(150);
        wrong.ShouldBeEmpty();
    }

    private static IEnumerable<string> Files(params string[] patterns) => Directory.Exists(Data)
        ? patterns.SelectMany(pattern => Directory.EnumerateFiles(Data, pattern, SearchOption.AllDirectories))
        : throw Prerequisite.Missing("NIST's PKITS is not installed (Debian: python3-cryptography-vectors)");

    private static string Colons(string digits) => string.Join(':', digits.ToUpperInvariant().Chunk(2).Select(pair => new string(pair)));
}
