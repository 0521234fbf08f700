using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Countersign.Configuration;
using Countersign.Proxy.Handshake;
using Countersign.Proxy.Watch;

namespace Countersign.Proxy.Tests.Watch;

public sealed class TrustBookTests : IDisposable
{
    private static readonly TimeSpan Deadline = TimeSpan.FromMinutes(1);

    private readonly string _folder = Directory.CreateTempSubdirectory("countersign-").FullName;
    private readonly HttpPlan _http;
    private readonly ServerContexts _contexts;

    public TrustBookTests()
    {
        var gate = TestCertificate.Make();
        Write("named.pem", "CN=Named");
        Write("silent.pem", "CN=Silent");
        _http = OneClient.Load($$"""
            server {
                listen 127.0.0.1:8443 ssl;
                ssl_certificate "{{gate.Certificate}}";
                ssl_certificate_key "{{gate.Key}}";
                ssl_client_certificate {{_folder}}/named.pem;
                ssl_trusted_certificate {{_folder}}/silent.pem;
                ssl_verify_client on;
            }
            """).Http!;
        _contexts = new ServerContexts(_http, "/", TimeProvider.System);
    }

    [Fact]
    public void A_loop_serves_others_while_what_is_trusted_is_read()
    {
        Action? reading = null;
        var starts = 0;
        var book = new TrustBook(_http, _contexts, read =>
        {
            reading = read;
            starts++;
        });
        using var served = new ManualResetEventSlim();
        using var explained = new CountdownEvent(2);
        var threads = new List<int>();
        using var loop = new Loop(0, TimeProvider.System, fault => throw fault);
        var thread = new Thread(loop.Run);
        thread.Start();

        async ValueTask Refuse()
        {
            await book.ReadFor(loop);
            threads.Add(Environment.CurrentManagedThreadId);
            explained.Signal();
        }

        loop.Post(() => _ = Refuse());
        loop.Post(() => _ = Refuse());
        loop.Post(served.Set);
        served.Wait(Deadline).ShouldBeTrue();
        (starts, book.IsRead, explained.CurrentCount).ShouldBe((1, false, 2), "both wait for one reading, and the loop has gone on");

        reading.ShouldNotBeNull()();
        explained.Wait(Deadline).ShouldBeTrue();
        threads.ShouldBe([thread.ManagedThreadId, thread.ManagedThreadId]);
        book.IsRead.ShouldBeTrue();
        loop.Stop();
        thread.Join();
    }

    [Fact]
    public void What_is_read_is_what_was_loaded_even_when_the_contexts_are_gone()
    {
        Action? reading = null;
        var book = new TrustBook(_http, _contexts, read => reading = read);
        book.Begin(() => { });
        _contexts.Dispose();
        reading.ShouldNotBeNull()();
        book.Of(_http.Servers[0]).Certificates.Count.ShouldBe(2);
    }

    [Fact]
    public void Which_authorities_are_named_is_not_read_from_the_file_again()
    {
        File.Copy($"{_folder}/silent.pem", $"{_folder}/named.pem", overwrite: true);
        var trust = new TrustBook(_http, _contexts).Of(_http.Servers[0]);
        trust.Certificates.ToDictionary(one => one.Certificate.Subject.ToString(), one => (one.IsAdvertised, one.File))
            .ShouldBe(new Dictionary<string, (bool, string)>
            {
                ["CN=Named"] = (true, $"{_folder}/named.pem"),
                ["CN=Silent"] = (false, $"{_folder}/silent.pem"),
            }, ignoreOrder: true);
    }

    [Fact]
    public async Task By_itself_it_is_read_on_another_thread_than_the_one_that_asks()
    {
        var book = new TrustBook(_http, _contexts);
        var reader = new TaskCompletionSource<int>(TaskCreationOptions.RunContinuationsAsynchronously);
        book.Begin(() => reader.SetResult(Environment.CurrentManagedThreadId));
        (await reader.Task).ShouldNotBe(Environment.CurrentManagedThreadId);
        book.IsRead.ShouldBeTrue();
    }

    public void Dispose()
    {
        _contexts.Dispose();
        Directory.Delete(_folder, recursive: true);
    }

    private void Write(string name, string subject)
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        using var certificate = new CertificateRequest(subject, key, HashAlgorithmName.SHA256)
            .CreateSelfSigned(DateTimeOffset.UtcNow.AddDays(-1), DateTimeOffset.UtcNow.AddDays(1));
        File.WriteAllText($"{_folder}/{name}", certificate.ExportCertificatePem());
    }
}
