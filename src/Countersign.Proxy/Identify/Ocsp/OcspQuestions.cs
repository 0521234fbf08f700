using System.Net.Sockets;
using System.Runtime.CompilerServices;
using Countersign.Configuration;
using Countersign.Native;
using Countersign.Proxy.Accept;

namespace Countersign.Proxy.Identify.Ocsp;

/// <summary>
/// What ssl_ocsp of one server asks about one client, certificate after certificate. Whatever goes wrong on the way is a certificate that nobody
/// vouches for.
/// </summary>
/// <param name="generation">Of the server.</param>
/// <param name="context">Of the server: its trust is what answers are held against.</param>
/// <param name="isWatched">The client's channel is nobody else's meanwhile.</param>
internal sealed class OcspQuestions(Client client, Generation generation, ServerPlan server, TlsServerContext context, long deadline, bool isWatched)
{
    private readonly OcspPlan _plan = server.Ssl.Ocsp!;

    /// <returns>Null when every certificate is good, or when the client has gone.</returns>
    [AsyncMethodBuilder(typeof(LoopMethodBuilder<>))]
    public async ValueTask<OcspOutcome?> AskAsync()
    {
        using var path = TlsOcspPath.Of(client.Tls!, context);
        if (path is null)
        {
            client.Log.Write(LogLevel.Error, "X509_verify_cert() failed");
            return new OcspOutcome { Asker = server, Depth = 0, Failure = "X509_verify_cert() failed" };
        }
        var count = _plan.LeafOnly ? Math.Min(1, path.Count - 1) : path.Count - 1;
        for (var depth = 0; depth < count && client.Channel.Descriptor >= 0; depth++)
        {
            if (await AskAsync(path, depth) is { } outcome)
            {
                return outcome;
            }
        }
        return null;
    }

    /// <returns>Null for a certificate that is good.</returns>
    [AsyncMethodBuilder(typeof(LoopMethodBuilder<>))]
    private async ValueTask<OcspOutcome?> AskAsync(TlsOcspPath path, int depth)
    {
        var outcome = new OcspOutcome { Asker = server, Depth = depth, Certificate = path.Der(depth), Responder = _plan.Responder?.Url ?? path.ResponderOf(depth) };
        if (ResponderOf(outcome, out var problem) is not { } responder)
        {
            client.Log.Write(LogLevel.Error, problem);
            return outcome with { Failure = problem };
        }
        try
        {
            return await AskAsync(path, responder, outcome);
        }
        catch (TlsConfigurationException fault)
        {
            // As of a libcrypto that has no SHA-1 for the names of certificates.
            client.Log.Write(LogLevel.Crit, fault.Message);
            return outcome with { Failure = fault.Message };
        }
    }

    [AsyncMethodBuilder(typeof(LoopMethodBuilder<>))]
    private async ValueTask<OcspOutcome?> AskAsync(TlsOcspPath path, OcspResponderPlan responder, OcspOutcome outcome)
    {
        var depth = outcome.Depth;
        var cache = generation.Ocsp.Of(_plan);
        var key = cache is null ? null : path.KeyOf(depth);
        if (cache is not null && key is null)
        {
            return outcome with { Failure = "the serial number is longer than 20 octets" };
        }
        if (key is not null && cache!.Find(key) is { } known)
        {
            return known.Status == TlsOcspStatus.Good ? null : outcome with { Answer = known, IsRemembered = true };
        }
        var fetch = new OcspFetch(client, responder, _plan.HasResolver, deadline, isWatched);
        if (await fetch.RunAsync(path.Question(depth)) is not { } body)
        {
            return outcome with { Failure = fetch.Failure };
        }
        if (path.Answer(depth, body, server.Ssl.NginxCompatibility, out var problem) is not { } answer)
        {
            fetch.Report(problem);
            return outcome with { Failure = problem };
        }
        if (key is not null)
        {
            answer = cache!.Add(key, answer);
        }
        return answer.Status == TlsOcspStatus.Good ? null : outcome with { Answer = answer };
    }

    private OcspResponderPlan? ResponderOf(OcspOutcome outcome, out string problem)
    {
        problem = "";
        if (_plan.Responder is not null)
        {
            return _plan.Responder;
        }
        if (outcome.Responder is null)
        {
            problem = "no OCSP responder URL in certificate";
            return null;
        }
        var responder = OcspResponderPlan.Parse(outcome.Responder, null, out problem);
        if (responder?.Addresses is [UnixDomainSocketEndPoint])
        {
            // nginx would connect: whatever an authority copied out of a request would speak to what runs on this machine.
            (responder, problem) = (null, $"invalid host in OCSP responder \"{outcome.Responder}\"");
        }
        problem = responder is null ? problem + " in certificate" : problem;
        return responder;
    }
}
