using Countersign.Commands.Incidents;
using Countersign.Configuration;
using Countersign.Native;
using Countersign.Proxy.Handshake;
using Countersign.Proxy.Watch;
using Countersign.Refusals;

namespace Countersign.Commands.Explain;

/// <summary>From the command line to a verdict on standard output.</summary>
internal static class ExplainRun
{
    private const int PlainHttp = 497;

    /// <returns>0 for a client that is let in, 1 for one that is not.</returns>
    /// <exception cref="UsageException">That cannot be told.</exception>
    public static int Run(ExplainArguments arguments, TextWriter output, bool isRedirected, TextWriter error, TimeProvider time)
    {
        arguments.Check();
        var moment = arguments.Moment;
        var plan = Load(arguments);
        var incident = arguments.Incident is { } id ? IncidentOf(id, arguments) : null;
        using var presented = Presented(arguments, incident);
        var asked = AskedServer.Find(plan.Http, arguments, arguments.Server ?? incident?.Sni, arguments.Host ?? incident?.Host, incident?.Server);
        using var contexts = Contexts(plan.Http!, arguments, time);
        var examination = new Examination(plan.Http!, contexts, asked, presented, moment, moment ?? time.GetUtcNow(), arguments.Configuration.Selection);
        var verdict = examination.Run(arguments.WithoutLists);
        var withLists = arguments.WithoutLists && examination.AsksForLists ? examination.Run(withoutLists: false) : null;
        foreach (var note in asked.Notes().Concat(presented.Notes).Concat(NotesOn(asked, examination.Verifier, incident, verdict)))
        {
            error.WriteLine($"note: {SafeText.Of(note)}");
        }
        if (arguments.WithoutLists && !examination.AsksForLists)
        {
            error.WriteLine("note: the server asks for no revocation lists anyway");
        }
        if (arguments.Json)
        {
            output.WriteLine(ExplainJson.Of(verdict, withLists));
        }
        else
        {
            new ExplainPrinter(Terminal.To(output, isRedirected)).Write(verdict, withLists);
        }
        return verdict is AcceptedVerdict ? 0 : 1;
    }

    private static Plan Load(ExplainArguments arguments)
    {
        var loaded = ConfigurationFile.Load(arguments.Configuration);
        if (loaded.Plan is { } plan)
        {
            return plan;
        }
        var first = loaded.Problems.First(problem => problem.Level == ProblemLevel.Error);
        throw new UsageException(ByteText.ToUnicode(ProblemText.NginxLine(first)), $"countersign -t{arguments.Configuration.Selection}");
    }

    private static ServerContexts Contexts(HttpPlan http, ExplainArguments arguments, TimeProvider time)
    {
        try
        {
            using var files = PemFiles.Open();
            return ServerContexts.ForVerdicts(http, ConfigurationFile.Folder(arguments.Configuration), time);
        }
        catch (TlsConfigurationException fault)
        {
            throw new UsageException(fault.Message, $"countersign -t{arguments.Configuration.Selection}");
        }
    }

    private static PresentedChain Presented(ExplainArguments arguments, RefusalEntry? incident) =>
        arguments.Certificate is { } path ? PresentedChain.OfFiles(path, arguments.Chain, arguments.Command)
        : incident is { PresentedCount: > 0 } ? PresentedChain.OfIncident(incident)
        : PresentedChain.None;

    /// <summary>What the verdict leaves out: a responder is not asked, and a session, an earlier configuration or the client's past are in no file.</summary>
    private static IEnumerable<string> NotesOn(AskedServer asked, ServerPlan verifier, RefusalEntry? incident, Verdict verdict)
    {
        if (verifier != asked.Handshake && verifier.Ssl.VerifyClient != VerifyClient.Off)
        {
            yield return $"{TrustBook.Title(asked.Handshake)} has no \"ssl_certificate\": its handshakes are those of the default server, {TrustBook.Title(verifier)}";
        }
        if (verdict is AcceptedVerdict { Path: not null } && verifier.Ssl.Ocsp is not null)
        {
            yield return $"{TrustBook.Title(verifier)} then asks an OCSP responder (ssl_ocsp), and this verdict does not";
        }
        if (incident is not null && (verdict as RefusedVerdict)?.Refusal.Reason.Id != incident.Id)
        {
            yield return $"the incident was {incident.Id}; what came of its connection, of the time or of a configuration since changed is not in this verdict";
        }
    }

    private static RefusalEntry IncidentOf(string id, ExplainArguments arguments)
    {
        try
        {
            var entry = IncidentFinder.Read(id.ToLowerInvariant(), RefusalSource.Of(arguments.Configuration.File, arguments.Configuration.Prefix));
            if (entry is { PresentedCount: 0, Status: null or PlainHttp } and not { Id: UnrecognizedName.Name })
            {
                throw new UsageException(
                    $"incident {entry.Incident} is {entry.Id}: its client did not come as far as a certificate, so there is no verdict on one",
                    $"countersign incident {entry.Incident}{arguments.Configuration.Selection}");
            }
            return entry is not { PresentedCount: > 0, Presented: [] }
                ? entry
                : throw new UsageException(
                    $"of incident {entry.Incident} there is only the line of the log, without the certificates: the gate has forgotten it (refusal_ledger)",
                    $"countersign explain{arguments.Configuration.Selection} --cert client.pem");
        }
        catch (IncidentException fault)
        {
            throw new UsageException(fault.Message, fault.Next);
        }
    }
}
