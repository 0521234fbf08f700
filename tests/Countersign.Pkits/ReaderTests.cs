using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Text.RegularExpressions;
using Countersign.Native;
using Countersign.Refusals;

namespace Countersign.Pkits;

/// <summary>Every certificate and list of the package, PKITS's and the odd ones beside it, is read as libcrypto reads it.</summary>
public sealed partial class ReaderTests
{
    private const string Data = "/usr/lib/python3/dist-packages/cryptography_vectors/x509";

    [Fact]
    public void Certificates_of_others_are_read_as_libcrypto_reads_them()
    {
        List<string> wrong = [];
        var count = 0;
        foreach (var file in Files("*.crt", "*.pem", "*.der"))
        {
            var der = Der(File.ReadAllBytes(file));
            using var certificate = Certificate.FromDer(der);
            if (certificate is null)
            {
                continue;
            }
            count++;
            string[] said =
            [
                Text(certificate.SubjectDn), Text(certificate.IssuerDn), Text(certificate.Serial), Text(certificate.Sha256Text), $"{certificate.IsSelfIssued}",
            ];
            var facts = CertificateReader.Read(der);
            string[] read = facts is null ? [] : [facts.Subject.Text, facts.Issuer.Text, facts.Serial, facts.Sha256, $"{facts.IsSelfIssued}"];
            if (!read.SequenceEqual(said))
            {
                wrong.Add($"{file}\n{string.Join('\n', said)}\n{string.Join('\n', read)}");
            }
        }
        count.ShouldBeGreaterThan(400);
        wrong.ShouldBeEmpty();
    }

    [Fact]
    public async Task Lists_of_others_are_read_as_openssl_reads_them()
    {
        var files = Files("*.crl").ToList();
        using var folder = new TemporaryFolder();
        var all = folder.Write("all.pem", string.Concat(files.Select(file => new string(PemEncoding.Write("X509 CRL", File.ReadAllBytes(file))) + "\n")));
        // One process for all of them.
        var said = await OpenSsl.Run("storeutl", "-crls", "-noout", "-text", all);
        said.ExitCode.ShouldBe(0, said.Error);
        var texts = Beginning().Split(said.Output)[1..];
        texts.Length.ShouldBe(files.Count);
        files.Count.ShouldBeGreaterThan(150);

        List<string> wrong = [];
        foreach (var (file, text) in files.Zip(texts))
        {
            var facts = CrlReader.Read(File.ReadAllBytes(file));
            var serials = Serials().Matches(text).Select(match => match.Groups[1].Value).ToList();
            var issuer = string.Join(',', Issuer().Match(text).Groups[1].Value.Split([", ", "/"], StringSplitOptions.None).Reverse());
            if (facts?.Count != serials.Count || facts.Issuer.Text != issuer || serials.Exists(serial => facts.Find(serial) is null)
                || facts.IsDelta != text.Contains("Delta CRL Indicator", StringComparison.Ordinal))
            {
                wrong.Add(string.Create(CultureInfo.InvariantCulture, $"{file}: {facts?.Count} of {serials.Count}, {facts?.Issuer.Text}\n{text}"));
            }
        }
        wrong.ShouldBeEmpty();
    }

    private static IEnumerable<string> Files(params string[] patterns) => Directory.Exists(Data)
        ? patterns.SelectMany(pattern => Directory.EnumerateFiles(Data, pattern, SearchOption.AllDirectories))
        : throw Prerequisite.Missing("NIST's PKITS is not installed (Debian: python3-cryptography-vectors)");

    /// <summary>Of PEM the first block.</summary>
    private static byte[] Der(byte[] bytes) =>
        PemEncoding.TryFind(Encoding.Latin1.GetString(bytes), out var found) ? Convert.FromBase64String(Encoding.Latin1.GetString(bytes)[found.Base64Data]) : bytes;

    private static string Text(byte[] ascii) => Encoding.ASCII.GetString(ascii);

    [GeneratedRegex(@"^\d+: CRL\n", RegexOptions.Multiline)]
    private static partial Regex Beginning();

    [GeneratedRegex(@"^    Serial Number: (\S+)", RegexOptions.Multiline)]
    private static partial Regex Serials();

    [GeneratedRegex(@"^        Issuer: (.*)", RegexOptions.Multiline)]
    private static partial Regex Issuer();
}
