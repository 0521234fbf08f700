using System.Net;
using System.Net.Security;
using System.Runtime.CompilerServices;
using System.Security.Cryptography.X509Certificates;

namespace Countersign.Conformance;

/// <summary>
/// One subject's servers: nginx and Countersign with the same configuration text, on the same ports of two
/// loopback addresses, in front of the same backends. A case is run against one after the other.
/// </summary>
public sealed class Ground<TSubject> : IAsyncLifetime
    where TSubject : Subject, new()
{
    private readonly TSubject _subject = new();
    private readonly Ports _ports = new();
    private readonly TemporaryFolder _sockets = new();
    private readonly Dictionary<string, Backend> _backends = [];
    private Side? _nginx;
    private Side? _countersign;
    private Exception? _failure;

    public async ValueTask InitializeAsync()
    {
        foreach (var name in _subject.Backends)
        {
            _backends[name] = Open(name);
        }

        try
        {
            _nginx = await Start(ServerProgram.Nginx, "127.0.0.2");
            _countersign = await Start(ServerProgram.Countersign, "127.0.0.3");
        }
        catch (Exception failure)
        {
            // Said by each case: a failed fixture would hide which claims are open, and could not skip.
            _failure = failure;
        }
    }

    /// <summary>Runs the script against both, and fails when they differ and divergences.json does not say why.</summary>
    public async Task Compare(Func<Script, Task> script, [CallerMemberName] string name = "")
    {
        var difference = await Difference(script);
        if (ServerProgram.Countersign.IsNginx)
        {
            difference.ShouldBeNull($"{name}: nginx differs from itself, so the case is at fault");
        }
        else if (Divergences.ReasonOf(name) is { } reason)
        {
            difference.ShouldNotBeNull($"{name} no longer differs: take it out of divergences.json ({reason})");
        }
        else
        {
            difference.ShouldBeNull(name);
        }
    }

    /// <summary>Null when nothing differs.</summary>
    public async Task<string?> Difference(Func<Script, Task> script)
    {
        if (_failure is not null)
        {
            throw _failure.Message.StartsWith("$Xunit", StringComparison.Ordinal)
                ? _failure
                : new InvalidOperationException(_failure.Message, _failure);
        }

        var nginx = await _nginx!.Run(script);
        TestContext.Current.TestOutputHelper?.WriteLine($"nginx:\n{nginx.Client}{nginx.Backends}{nginx.AccessLog}{nginx.ErrorLog}");
        var countersign = await _countersign!.Run(script);
        return countersign.DifferenceFrom(nginx);
    }

    public async ValueTask DisposeAsync()
    {
        await (_nginx?.DisposeAsync() ?? ValueTask.CompletedTask);
        await (_countersign?.DisposeAsync() ?? ValueTask.CompletedTask);
        foreach (var backend in _backends.Values)
        {
            await backend.DisposeAsync();
        }

        _ports.Dispose();
        _sockets.Dispose();
    }

    private Backend Open(string name)
    {
        if (name.StartsWith("unix", StringComparison.Ordinal))
        {
            return Testing.Backend.StartUnix(_sockets.File(name));
        }

        return Testing.Backend.Start(!name.StartsWith("tls", StringComparison.Ordinal) ? null : new SslServerAuthenticationOptions
        {
            // A key that was never on disk or in a PKCS#12 cannot serve: SslStream wants one with a handle of its own.
            ServerCertificate = X509CertificateLoader.LoadPkcs12(Trust.Shared["server"].WithPrivateKey().Export(X509ContentType.Pkcs12), null),
            ClientCertificateRequired = true,
            RemoteCertificateValidationCallback = (_, _, _, _) => true,
        });
    }

    private async Task<Side> Start(ServerProgram program, string address)
    {
        program.Require();
        var values = _backends.ToDictionary(each => $"backend:{each.Key}", each => each.Value.Address);
        foreach (var (name, at) in _backends.Select(each => (each.Key, each.Value.Address)).Where(each => !each.Address.StartsWith("unix:", StringComparison.Ordinal)))
        {
            values[$"port:{name}"] = at[(at.LastIndexOf(':') + 1)..];
        }
        var server = await ServerUnderTest.Start(program, new ServerSetup
        {
            Configuration = _subject.Configuration,
            Ports = _ports,
            Address = IPAddress.Parse(address),
            Values = values,
            Files = prefix =>
            {
                File.CreateSymbolicLink(Path.Combine(prefix, "conf", "pki"), Trust.Shared.Folder);
                _subject.Files(prefix);
            },
        });
        return await Side.Of(server, _backends);
    }
}
