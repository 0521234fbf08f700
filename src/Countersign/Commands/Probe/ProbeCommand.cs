using System.CommandLine;

namespace Countersign.Commands.Probe;

/// <summary><c>countersign probe</c>: what a server asks of its clients, and why it refuses one.</summary>
internal static class ProbeCommand
{
    /// <summary>As shells have it for a program that SIGINT ended.</summary>
    private const int Interrupted = 130;

    public static Command Create()
    {
        var target = new Argument<string>("HOST:PORT") { Description = "the server, or a URL of it; 443 without a port" };
        var certificate = Text("--cert", "the client's certificate in PEM, leaf first, with its intermediates", "file");
        var key = Text("--key", "its key, when that is not in the same file", "file");
        var chain = Text("--chain", "intermediates to send after it", "file");
        var authorities = Text("--ca", "authorities to verify the server against, instead of the system's", "file");
        var name = Text("--sni", "server name to send in the handshake (default: HOST, unless it is an address; \"\" sends none)", "name");
        var host = Text("--host", "Host to ask for (default: the server name)", "name");
        var path = Text("--path", "what to ask for (default: that of the URL, or /)", "path");
        var version = Text("--tls", "speak this version alone: 1.2 or 1.3", "version");
        var timeout = Text("--timeout", "for each connection (default: 10s)", "time");
        var json = new Option<bool>("--json") { Description = "print one object of JSON (docs/guide/probe.md)" };
        var command = new Command("probe", "Connect to any TLS server with and without a client certificate, and explain what it asks for and why it refuses")
        {
            target, certificate, key, chain, authorities, name, host, path, version, timeout, json,
        };
        command.SetAction((parsed, cancellation) => Interruptible(async () =>
        {
            var typed = parsed.GetValue(target)!;
            var options = Options(
                ProbeTarget.Parse(typed), parsed.GetValue(name), parsed.GetValue(host), parsed.GetValue(path) ?? ProbeTarget.PathOf(typed) ?? "/",
                parsed.GetValue(version), parsed.GetValue(timeout) ?? "10s");
            options = options with
            {
                Authorities = parsed.GetValue(authorities),
                Certificate = Certificate(parsed.GetValue(certificate), parsed.GetValue(key), parsed.GetValue(chain)),
            };
            return await Run(options, parsed.GetValue(json));
        }, cancellation));
        return command;
    }

    /// <returns>0 when the server lets the client in, 1 when it does not.</returns>
    /// <exception cref="ProbeException">There is nothing to report on.</exception>
    internal static async Task<int> Run(ProbeOptions options, bool json)
    {
        ProbeReport report;
        using (var progress = new ProbeProgress(Console.Error, !Console.IsErrorRedirected, options.Target.ToString()))
        {
            report = await new Prober(options, TimeProvider.System, progress.Tell).Run();
        }
        if (json)
        {
            await using var output = StandardStream.Output;
            ProbeJson.Write(output, report);
        }
        else
        {
            new ProbeText(Terminal.ForOutput(), Console.IsOutputRedirected ? null : Console.WindowWidth).Write(report);
        }
        return report.Verdict.IsLetIn ? 0 : ProbeException.ExitCode;
    }

    internal static ProbeOptions Options(ProbeTarget target, string? name, string? host, string path, string? version, string timeout)
    {
        var sent = name ?? (target.IsAddress ? "" : target.Host);
        return new ProbeOptions
        {
            Target = target,
            ServerName = sent.Length == 0 ? null : ProbeOptions.Name(sent),
            Host = ProbeOptions.Line("--host", host ?? target.Authority(sent.Length == 0 ? target.Host : sent)),
            Path = ProbeOptions.Line("--path", path.StartsWith('/') ? path : "/" + path),
            Protocols = ProbeOptions.Version(version),
            Timeout = ProbeOptions.Time(timeout),
        };
    }

    private static ProbeCertificate? Certificate(string? file, string? key, string? chain)
    {
        if (file is not null)
        {
            return ProbeCertificate.Read(file, key, chain);
        }
        return key is null && chain is null
            ? null
            : throw new UsageException("--key and --chain belong to a --cert", "countersign probe ... --cert client.pem --key client.key");
    }

    /// <summary>Ctrl-C does not wait for the server.</summary>
    private static async Task<int> Interruptible(Func<Task<int>> run, CancellationToken cancellation)
    {
        try
        {
            return await Task.Run(run, CancellationToken.None).WaitAsync(cancellation);
        }
        catch (OperationCanceledException)
        {
            return Interrupted;
        }
    }

    private static Option<string?> Text(string name, string description, string help) => new(name) { Description = description, HelpName = help };
}
