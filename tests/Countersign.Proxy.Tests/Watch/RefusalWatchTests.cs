using System.Net;
using System.Net.Sockets;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using System.Text.Json;
using Countersign.Configuration;
using Countersign.Native;
using Countersign.Proxy.Watch;
using Countersign.Refusals;

namespace Countersign.Proxy.Tests.Watch;

public sealed class RefusalWatchTests : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("cs-");
    private readonly LogFiles _logs = new();
    private readonly SettableTime _time = new();
    private readonly List<string> _reports = [];
    private readonly RefusalWatch _watch;
    private readonly RefusalSettings _settings;

    public RefusalWatchTests()
    {
        _watch = new RefusalWatch(_logs, _time, (_, text) => _reports.Add(text));
        _settings = new RefusalSettings { Log = new RefusalLogPlan(PathOf("log"), LogLevel.Warn, IsText: false, IsDefault: false) };
        _ = _logs.Open(PathOf("log"));
    }

    [Fact]
    public void A_refusal_is_one_line_of_JSON_in_its_log()
    {
        _watch.Use(new RefusalPlan());
        _watch.Report(_settings, Refusal("0000000000000001")).ShouldBeTrue();
        _watch.Dispose();

        var line = Lines("log").ShouldHaveSingleItem();
        var json = JsonDocument.Parse(line).RootElement;
        json.GetProperty("id").GetString().ShouldBe("certificate/expired");
        json.GetProperty("incident").GetString().ShouldBe("0000000000000001");
    }

    [Fact]
    public void A_text_log_has_a_sentence()
    {
        _watch.Use(new RefusalPlan());
        _watch.Report(new RefusalSettings { Log = _settings.Log! with { IsText = true } }, Refusal("0000000000000001"));
        _watch.Dispose();

        Lines("log").ShouldHaveSingleItem().ShouldStartWith("2030-01-02T03:04:05Z  certificate/expired  0000000000000001  192.0.2.7:4711  the client's certificate");
    }

    [Fact]
    public void What_a_text_log_leaves_out_is_counted_in_text()
    {
        _watch.Use(new RefusalPlan { LogLimit = 0 });
        _watch.Report(new RefusalSettings { Log = _settings.Log! with { IsText = true } }, Refusal("0000000000000001")).ShouldBeFalse();
        _watch.Dispose();

        Lines("log").ShouldHaveSingleItem().ShouldBe("2030-01-02T03:04:05Z  1 more were left out (refusal_log_limit)");
    }

    [Fact]
    public void What_a_second_has_too_many_is_counted_in_a_line_of_its_own()
    {
        _watch.Use(new RefusalPlan { LogLimit = 2 });
        var kept = Enumerable.Range(0, 5).Select(number => _watch.Report(_settings, Refusal($"{number:x16}"))).ToList();
        _time.Advance(1);
        _watch.Report(_settings, Refusal("00000000000000ff")).ShouldBeTrue();
        _watch.Dispose();

        kept.ShouldBe([true, true, false, false, false]);
        var lines = Lines("log");
        lines.Count(line => line.Contains("\"incident\"", StringComparison.Ordinal)).ShouldBe(3);
        lines.ShouldContain("""{"v":1,"time":"2030-01-02T03:04:06.000Z","left_out":3}""");
    }

    [Fact]
    public void A_second_that_is_full_counts_who_asks_and_the_next_one_is_not()
    {
        _watch.Use(new RefusalPlan { LogLimit = 1 });
        _watch.IsFull(_settings).ShouldBeFalse();
        _watch.Report(_settings, Refusal("0000000000000001"));
        _watch.IsFull(_settings).ShouldBeTrue();
        _time.Advance(1);
        _watch.IsFull(_settings).ShouldBeFalse();
        _watch.Dispose();
        Lines("log").ShouldContain("""{"v":1,"time":"2030-01-02T03:04:06.000Z","left_out":1}""");
    }

    [Fact]
    public void A_log_that_was_moved_away_goes_on_under_its_old_name_after_a_reopening()
    {
        _watch.Use(new RefusalPlan());
        File.Move(PathOf("log"), PathOf("log.1"));
        _logs.Reopen(_ => { });
        _watch.Report(_settings, Refusal("0000000000000001"));
        _watch.Dispose();

        Lines("log").Length.ShouldBe(1);
        Lines("log.1").ShouldBeEmpty();
    }

    [Fact]
    public void The_ledger_file_has_the_chain_that_was_sent()
    {
        _ = _logs.Open(PathOf("ledger"));
        _watch.Use(new RefusalPlan { LedgerFile = PathOf("ledger") });
        _watch.Report(_settings, Refusal("0000000000000001"));
        _watch.Dispose();

        var presented = JsonDocument.Parse(Lines("ledger").ShouldHaveSingleItem()).RootElement.GetProperty("presented");
        presented.EnumerateArray().ShouldHaveSingleItem().GetString()!.ShouldStartWith("-----BEGIN CERTIFICATE-----\n");
    }

    [Fact]
    public void The_socket_is_the_owners_alone_and_answers_what_an_incident_was()
    {
        Listen(new RefusalPlan());
        FileDescriptor.Status(PathOf("socket"), out var status).ShouldBe(0);
        (status.Mode & 0x1FF).ShouldBe(0x180u);
        _watch.Report(_settings, Refusal("00000000000000aa"));
        _watch.Report(_settings, Refusal("00000000000000bb"));

        Ask("incident 00000000000000aa").ShouldContain("\"incident\":\"00000000000000aa\"");
        Ask("incident last").ShouldContain("\"incident\":\"00000000000000bb\"");
        Ask("incident 77").ShouldBe("""{"v":1,"error":"not kept"}""");
        Ask("nonsense").ShouldContain("unknown request");
    }

    [Fact]
    public void Whoever_follows_gets_every_refusal_from_then_on()
    {
        Listen(new RefusalPlan { Kept = 0 });
        using var reader = new StreamReader(Connect("tail"));
        reader.ReadLine().ShouldBe("""{"v":1,"following":true}""");
        _watch.Report(_settings, Refusal("00000000000000aa"));
        reader.ReadLine()!.ShouldContain("\"incident\":\"00000000000000aa\"");
        _watch.Report(_settings, Refusal("00000000000000bb"));
        reader.ReadLine()!.ShouldContain("\"incident\":\"00000000000000bb\"");
    }

    [Fact]
    public void A_follower_that_does_not_read_is_dropped_and_the_others_go_on()
    {
        Listen(new RefusalPlan { LogLimit = int.MaxValue });
        using var lazy = Connect("tail");
        Read(lazy, new byte[1]).ShouldBe(1);
        for (var number = 0; number < 2000; number++)
        {
            _watch.Report(_settings, Refusal($"{number:x16}"));
        }
        Ask("incident last").ShouldContain($"\"incident\":\"{1999:x16}\"");
        var read = 0L;
        var buffer = new byte[65536];
        for (int count; (count = Read(lazy, buffer)) > 0;)
        {
            read += count;
        }
        read.ShouldBeLessThan(2000L * 1000);
    }

    [Fact]
    public void The_seventeenth_caller_is_turned_away()
    {
        Listen(new RefusalPlan());
        var callers = Enumerable.Range(0, 16).Select(_ => new StreamReader(Connect("tail"))).ToList();
        callers.ForEach(caller => caller.ReadLine().ShouldBe("""{"v":1,"following":true}"""));
        Read(Connect("tail"), new byte[64]).ShouldBe(0);
        callers.ForEach(caller => caller.Dispose());
    }

    [Fact]
    public void A_socket_that_a_dead_gate_left_is_taken_over_and_one_that_is_answered_is_not()
    {
        using (var dead = new System.Net.Sockets.Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified))
        {
            dead.Bind(new UnixDomainSocketEndPoint(PathOf("other")));
            // The runtime would remove it with its own name.
            File.Move(PathOf("other"), PathOf("socket"));
        }
        Listen(new RefusalPlan());
        Ask("incident last").ShouldContain("not kept");

        using var second = new RefusalWatch(_logs, _time, (_, text) => _reports.Add(text));
        second.Open(new RefusalPlan { Socket = PathOf("socket") }, null);
        second.SocketPath.ShouldBeNull();
        _reports.ShouldHaveSingleItem().ShouldContain("belongs to another gate");
    }

    [Fact]
    public void A_file_that_is_no_socket_stays()
    {
        File.WriteAllText(PathOf("socket"), "mine");
        _watch.Open(new RefusalPlan { Socket = PathOf("socket") }, null);
        _watch.SocketPath.ShouldBeNull();
        File.ReadAllText(PathOf("socket")).ShouldBe("mine");
    }

    [Fact]
    public void The_sockets_name_goes_with_the_gate()
    {
        Listen(new RefusalPlan());
        _watch.Dispose();
        File.Exists(PathOf("socket")).ShouldBeFalse();
    }

    public void Dispose()
    {
        _watch.Dispose();
        _logs.Dispose();
        _folder.Delete(recursive: true);
    }

    private void Listen(RefusalPlan plan)
    {
        var listening = new RefusalPlan { LogLimit = plan.LogLimit, Kept = plan.Kept, Socket = PathOf("socket") };
        _watch.Open(listening, null);
        _watch.SocketPath.ShouldNotBeNull();
        _watch.Use(listening);
    }

    private string PathOf(string name) => Path.Combine(_folder.FullName, name);

    private string[] Lines(string name) => File.ReadAllLines(PathOf(name));

    private string Ask(string request)
    {
        using var reader = new StreamReader(Connect(request));
        return reader.ReadToEnd().TrimEnd('\n');
    }

    private NetworkStream Connect(string request)
    {
        var socket = new System.Net.Sockets.Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        socket.Connect(new UnixDomainSocketEndPoint(PathOf("socket")));
        var stream = new NetworkStream(socket, ownsSocket: true);
        try
        {
            stream.Write(Encoding.ASCII.GetBytes(request + "\n"));
        }
        catch (IOException)
        {
            // Turned away before it has asked.
        }
        return stream;
    }

    private static int Read(NetworkStream stream, byte[] buffer)
    {
        try
        {
            return stream.Read(buffer);
        }
        catch (IOException)
        {
            return 0;
        }
    }

    private static readonly byte[] Expired = MakeExpired();

    private Refusal Refusal(string incident)
    {
        var facts = CertificateReader.Read(Expired)!;
        return new Refusal
        {
            Reason = new CertificateExpired(facts, _time.GetUtcNow()),
            Time = _time.GetUtcNow(),
            Incident = incident,
            Client = new IPEndPoint(IPAddress.Parse("192.0.2.7"), 4711),
            Server = "api.example (nginx.conf:12)",
            Presented = [Expired],
            Leaf = facts,
        };
    }

    private static byte[] MakeExpired()
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        using var certificate = new CertificateRequest("CN=device-7", key, HashAlgorithmName.SHA256)
            .CreateSelfSigned(new DateTimeOffset(2020, 1, 1, 0, 0, 0, TimeSpan.Zero), new DateTimeOffset(2021, 1, 1, 0, 0, 0, TimeSpan.Zero));
        return certificate.RawData;
    }
}
