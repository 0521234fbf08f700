using Countersign.Configuration;
using Countersign.Native;
using Countersign.Proxy.Handshake;
using Countersign.Proxy.Watch;

namespace Countersign.Pkits;

/// <summary>What the gate makes of a case without a connection: its own contexts verify, its own examination explains.</summary>
internal sealed record Outcome(int Error, string Id, IReadOnlyList<string> Others, string Message)
{
    /// <summary>PKITS's certificates end with 2030.</summary>
    private static readonly DateTimeOffset Then = new(2026, 11, 29, 12, 0, 0, TimeSpan.Zero);

    public static Outcome Of(Ground ground, Expectation expectation)
    {
        var text = $"events {{}} http {{ access_log off; {ground.Servers([expectation], "127.0.0.1:8443")} }}";
        var loaded = ConfigurationLoader.Load(new LoadOptions
        {
            File = Path.Combine(ground.Folder, "nginx.conf"),
            Prefix = ground.Folder + "/",
            DefaultErrorLog = "stderr",
            DefaultPidFile = Path.Combine(ground.Folder, "pid"),
            ReadFile = _ => System.Text.Encoding.ASCII.GetBytes(text),
        });
        var http = loaded.Plan?.Http ?? throw new InvalidOperationException(string.Join('\n', loaded.Problems.Select(problem => problem.Text)));
        using var contexts = new ServerContexts(http, ground.Folder, TimeProvider.System);
        var server = http.Servers[0];
        var presented = ground.Presented(expectation).Select(der => Certificate.FromDer(der) ?? throw new InvalidOperationException("libcrypto does not read it")).ToList();
        try
        {
            var trial = contexts.Of(server)!.Try(presented, Then);
            if (trial.Error == TlsVerification.Ok)
            {
                return new Outcome(0, "", [], "");
            }
            var found = ChainExamination.Run(new TrustBook(http, contexts), server, presented, trial.Problems, Then, []);
            return new Outcome(trial.Error, found.Reason.Id, [.. found.Others.Select(other => other.Id)], found.Reason.Message);
        }
        finally
        {
            presented.ForEach(certificate => certificate.Dispose());
        }
    }
}
