using System.Text;
using Countersign.Native;
using Countersign.Refusals;

namespace Countersign.Commands.Explain;

/// <summary>What the client sends, leaf first.</summary>
internal sealed class PresentedChain : IDisposable
{
    /// <summary>libssl takes no longer message from a client than 100 KB.</summary>
    private const int MostBytes = 100 * 1024;

    private readonly List<Certificate> _certificates = [];
    private readonly List<(CertificateFacts Facts, string Place)> _places = [];
    private readonly List<string> _notes = [];

    public IReadOnlyList<Certificate> Certificates => _certificates;

    public IReadOnlyList<CertificateFacts> Facts => [.. _places.Select(one => one.Facts)];

    /// <summary>What the gate knew besides, of an incident: an intermediate that another client had sent.</summary>
    public IReadOnlyList<CertificateFacts> FoundElsewhere { get; private init; } = [];

    /// <summary>What the person who asked should know of it.</summary>
    public IReadOnlyList<string> Notes => _notes;

    public static PresentedChain None => new();

    /// <exception cref="UsageException">There is no certificate in it, or one that OpenSSL cannot read.</exception>
    public static PresentedChain OfFiles(string path, IReadOnlyList<string> more, string command)
    {
        var chain = new PresentedChain();
        foreach (var file in (string[])[path, .. more])
        {
            var read = InputFile.Read(file, command);
            if (read.Certificates.Count == 0)
            {
                var why = read.Faults.FirstOrDefault(fault => !fault.IsKey)?.Text
                    ?? (read.Faults.Count > 0 ? "there is a private key in it and no certificate" : "there are revocation lists in it and no certificate");
                chain.Dispose();
                throw new UsageException($"{file}: {why}", $"openssl x509 -in {file} -noout -subject");
            }
            foreach (var item in read.Certificates)
            {
                chain.Add(item.Certificate, $"{item.File}:{item.Number}", item.Fault);
            }
        }
        if (chain._places is [{ Facts.IsAuthority: true }, ..] && chain._places.Exists(one => !one.Facts.IsAuthority))
        {
            chain._notes.Add($"{chain._places[0].Place} is an authority and comes first: a client sends its own certificate first, and is judged by that");
        }
        if (chain._places.Sum(one => one.Facts.Der.Length + 3) > MostBytes)
        {
            chain._notes.Add($"the certificates have more than {MostBytes} bytes: a gate ends the handshake of whoever sends so many");
        }
        return chain;
    }

    public static PresentedChain OfIncident(RefusalEntry incident)
    {
        var chain = new PresentedChain { FoundElsewhere = [.. incident.Found.Select(pem => Item(pem, incident)?.Certificate).OfType<CertificateFacts>()] };
        foreach (var (number, pem) in incident.Presented.Index())
        {
            var item = Item(pem, incident);
            chain.Add(item?.Certificate, $"sent:{number + 1}", item?.Fault ?? "is no PEM");
        }
        if (incident.Presented.Count < incident.PresentedCount)
        {
            chain._notes.Add($"the client sent {incident.PresentedCount} certificates, and {incident.Presented.Count} of them are kept");
        }
        return chain;
    }

    private static BundleItem? Item(string pem, RefusalEntry incident) =>
        BundleFile.Read($"incident {incident.Incident}", Encoding.Latin1.GetBytes(pem)).Certificates.FirstOrDefault();

    /// <summary><c>client.pem:1</c>; null for one that was not sent.</summary>
    public string? PlaceOf(CertificateFacts certificate) => _places.Find(one => one.Facts.IsSame(certificate)).Place;

    public void Dispose() => _certificates.ForEach(certificate => certificate.Dispose());

    private void Add(CertificateFacts? facts, string place, string fault)
    {
        if (facts is null || Certificate.FromDer(facts.Der.Span) is not { } certificate)
        {
            Dispose();
            throw new UsageException($"certificate {place} {(fault.Length > 0 ? fault : "cannot be read by OpenSSL")}: a gate ends the handshake of whoever sends it",
                $"openssl x509 -in {place[..place.LastIndexOf(':')]} -noout -text");
        }
        _certificates.Add(certificate);
        _places.Add((facts, place));
    }
}
