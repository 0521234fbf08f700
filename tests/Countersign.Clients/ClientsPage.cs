using System.Globalization;
using System.Text;
using Countersign.Clients.Drivers;
using Countersign.Clients.Measure;

namespace Countersign.Clients;

/// <summary>docs/guide/clients.md, from a measurement. What stands behind <see cref="Uncompared"/> differs from machine to machine.</summary>
internal sealed class ClientsPage(Measurement measured)
{
    public const string Uncompared = "<!-- Below is what differs between machines and versions: tests/Countersign.Clients does not compare it. -->";

    public string Markdown()
    {
        var page = new StringBuilder();
        page.Append("""
            # What clients do when a gate asks for a certificate

            `tests/Countersign.Clients` measures this page and fails when it is no longer so; `UPDATE_DOCS=1` writes it again. Each client visits a gate that wants a
            certificate (`ssl_verify_client on`), at TLS 1.3 and 1.2; Chromium at TLS 1.3 only. It has the file that its manual asks for: the certificate, its
            intermediate and the key. The gate has the root in `ssl_client_certificate`, so the root's name is in the list that clients are sent with the question.

            The situations:

            - matching: a good certificate.
            - issuer not listed: a good one of an authority that the gate trusts without listing it (`ssl_trusted_certificate`).
            - issuer listed in other bytes: the list has the issuer's name as UTF8String, the certificate has the same text as PrintableString.
            - no intermediate: a good certificate alone in its file. The gate lists the root only.
            - expired: it ended last week.
            - for servers only: its extended key usage is serverAuth.
            - none: the client has no certificate.

            ## What is sent, and what the gate makes of it


            """.ReplaceLineEndings("\n"));
        Table(page, ["client", .. Situations.All.Select(one => one.Title())], Measurement.Drivers.Select(driver => (string[])[driver.Name, .. Situations.All.Select(one => Cell(driver, one))]));
        page.Append("""

            "chain" is the certificate with its intermediate, "leaf" the certificate without. A client that has a certificate and sends nothing tells nobody, neither its user
            nor the gate: for both it looks like a client that has none.

            What follows from it:

            - Java, wget and Chromium send a certificate only where the list has an issuer of it. An authority in `ssl_trusted_certificate` alone is not for them, and a client
              of theirs that has lost its intermediate looks as if it had no certificate: put the issuer into `ssl_client_certificate`, or the intermediate into the client's file.
            - wget and Chromium compare the bytes of names, Java their text: a root that was issued again with another type of string shuts the former out.
            - Chromium offers nothing that is expired or not for clients, `HttpClientHandler` nothing that is not for clients. Everybody else sends it, and the gate can say what is wrong.
            - `HttpClientHandler.ClientCertificates` and `s_client -cert` send the first certificate alone. With the intermediate in `ssl_client_certificate` that is enough; otherwise
              take `SslStreamCertificateContext`, and `-cert_chain`.

            ## What the user sees


            """.ReplaceLineEndings("\n"));
        Table(page, ["client", "when asked", "let in", "refused"], Measurement.Drivers.Select(driver => (string[])[driver.Name, Manner(driver), Seen(driver, true), Seen(driver, false)]));
        page.Append($"""

            As with nginx the handshake goes well for all of them, and the request is answered 400: no client calls it a failure of TLS.

            Chromium closes the connection in which it is asked before it looks for certificates, also where it then has none to offer. Without a policy it shows its user what
            fits the list: {(measured.BrowserWaitsForItsUser ? "no request came for as long as nobody chose." : "a request came although nobody chose.")} Where nothing fits it shows nothing, and comes again without.


            """.ReplaceLineEndings("\n"));
        page.Append(Uncompared).Append("\n\n## Versions, fingerprints and times\n\n");
        page.Append("From the gate's question to the client's answer over loopback, for a matching certificate at TLS 1.3, with other clients running: what a program takes that has just started.\n\n");
        Table(page, ["client", "version", "JA4", "answer after"], Measurement.Drivers.Select(driver => (string[])[driver.Name, measured.Versions[driver.Name], Ja4(driver), Time(driver)]));
        return page.ToString();
    }

    /// <summary>The part of a page that has to be the same everywhere.</summary>
    public static string Compared(string page) => page.Split(Uncompared)[0];

    private string Cell(Driver driver, Situation situation)
    {
        var cells = measured.Of(driver).Where(one => one.Situation == situation).Select(one => (one.Protocol, Text: Cell(one))).ToList();
        return cells.Select(cell => cell.Text).Distinct().Count() == 1
            ? cells[0].Text
            : string.Join("; ", cells.Select(cell => $"{cell.Protocol}: {cell.Text}"));
    }

    private static string Cell(Observation one)
    {
        var sent = one.Sent switch { Sent.Unknown => "no request", Sent.Nothing => "nothing", Sent.Leaf => "leaf", Sent.Chain => "chain" };
        return one.IsLetIn ? $"{sent}, let in" : one.Refusal.Length > 0 ? $"{sent}, [{one.Refusal}](../refusals/{one.Refusal}.md)" : $"{sent}, refused";
    }

    private string Manner(Driver driver) =>
        measured.Of(driver).Select(one => one.ComesAgain).Distinct().ToList() switch
        {
            [false] => "answers",
            [true] => "closes the connection, comes again",
            _ => "answers, or closes the connection and comes again",
        };

    private string Seen(Driver driver, bool isLetIn) =>
        string.Join("; ", measured.Of(driver).Where(one => one.IsLetIn == isLetIn).Select(one => one.Seen.Words).Distinct().Order(StringComparer.Ordinal));

    private string Ja4(Driver driver) => measured.First(driver).Hello?.Ja4 is { } ja4 ? $"`{ja4}`" : "-";

    private string Time(Driver driver) =>
        measured.First(driver).AnsweredAfter is { } time ? string.Create(CultureInfo.InvariantCulture, $"{time.TotalMilliseconds:0.0} ms") : "-";

    private static void Table(StringBuilder page, string[] titles, IEnumerable<string[]> rows)
    {
        Row(page, titles);
        Row(page, [.. titles.Select(_ => "---")]);
        foreach (var row in rows)
        {
            Row(page, row);
        }
    }

    private static void Row(StringBuilder page, string[] cells) => page.Append("| ").AppendJoin(" | ", cells).Append(" |\n");
}
