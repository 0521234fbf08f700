using Countersign.Configuration;
using Countersign.Native;
using Countersign.Proxy.Handshake;
using Countersign.Proxy.Watch;

namespace Countersign.Pkits;

/// <summary>The gate without a connection, with a server for every case: its own contexts verify, its own examination explains.</summary>
public sealed class OfflineGate(Ground ground) : IDisposable
{
    /// <summary>PKITS's certificates end with 2030.</summary>
    private static readonly DateTimeOffset Then = new(2026, 11, 29, 12, 0, 0, TimeSpan.Zero);

    private readonly Lazy<(HttpPlan Http, ServerContexts Contexts, TrustBook Book)> _loaded = new(() => Load(ground));

    /// <returns>nginx's number for the refusal and the reason; 0 and null where the client gets in.</returns>
    public (int Error, Refusals.Reason? Reason) Judge(Expectation expectation)
    {
        var (http, contexts, book) = _loaded.Value;
        var server = http.Servers.Single(server => server.Name == expectation.Server);
        var presented = ground.Presented(expectation).Select(der => Certificate.FromDer(der) ?? throw new InvalidOperationException("libcrypto does not read it")).ToList();
        try
        {
            var trial = contexts.Of(server)!.Try(presented, Then);
            return trial.Error == TlsVerification.Ok ? (0, null) : (trial.Error, ChainExamination.Run(book, server, presented, trial.Problems, Then, []).Reason);
        }
        finally
        {
            presented.ForEach(certificate => certificate.Dispose());
        }
    }

    public void Dispose()
    {
        if (_loaded.IsValueCreated)
        {
            _loaded.Value.Contexts.Dispose();
        }
    }

    private static (HttpPlan, ServerContexts, TrustBook) Load(Ground ground)
    {
        var text = $"events {{}} http {{ access_log off; {ground.Servers(Expectation.All, "127.0.0.1:8443")} }}";
        var loaded = ConfigurationLoader.Load(new LoadOptions
        {
            File = Path.Combine(ground.Folder, "nginx.conf"),
            Prefix = ground.Folder + "/",
            DefaultErrorLog = "stderr",
            DefaultPidFile = Path.Combine(ground.Folder, "pid"),
            ReadFile = _ => System.Text.Encoding.ASCII.GetBytes(text),
        });
        var http = loaded.Plan?.Http ?? throw new InvalidOperationException(string.Join('\n', loaded.Problems.Select(problem => problem.Text)));
        var contexts = new ServerContexts(http, ground.Folder, TimeProvider.System);
        return (http, contexts, new TrustBook(http, contexts));
    }
}
