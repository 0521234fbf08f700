using System.Globalization;

namespace Countersign.Load.Compare;

/// <summary>What all rows of a run have in common: certificates, cores, how much is done.</summary>
internal sealed class Bench : IDisposable
{
    private static readonly TimeSpan IdleTime = TimeSpan.FromSeconds(1.5);

    private readonly Dictionary<(string Name, Placement Placement, int Loops), Subject> _placed = [];
    private readonly Dictionary<(string Name, bool Explains), Subject> _twins = [];
    private readonly Dictionary<string, Flood> _floods = [];
    private readonly int _percent;

    public Bench(Arguments arguments, string folder)
    {
        (Folder, _percent, Connections) = (folder, arguments.Number("percent", 100), arguments.Number("connections", 32));
        var (server, load) = (Text(arguments.Number("server-core", 0)), Text(arguments.Number("load-core", 1)));
        (Apart, Exchanged) = (new Placement(server, load), new Placement(load, server));
        Together = new Placement($"{server},{load}", $"{server},{load}");
        // Workers are another user.
        File.SetUnixFileMode(folder, File.GetUnixFileMode(folder) | UnixFileMode.GroupExecute | UnixFileMode.OtherExecute);
        foreach (var keys in Enum.GetValues<Keys>())
        {
            Authority.Write(CertificateFolder(keys), keys);
        }
    }

    public string Folder { get; }
    /// <summary>A server on one core, clients and backend on the other.</summary>
    public Placement Apart { get; }
    /// <summary>The other way round.</summary>
    public Placement Exchanged { get; }
    /// <summary>All on both cores.</summary>
    public Placement Together { get; }
    public int Connections { get; }

    public int Scaled(int operations) => Math.Max(1, operations * _percent / 100);

    public string CertificateFolder(Keys keys) => Path.Combine(Folder, keys.ToString());

    /// <summary>A backend that answers only requests that have <paramref name="expected"/> in them.</summary>
    public static PinnedProcess Backend(string cores, int port, IEnumerable<string> expected)
    {
        var backend = Self(cores, ["serve", "--port", Text(port), .. expected.SelectMany(text => new[] { "--expect", text })]);
        backend.ReadLine();
        return backend;
    }

    public Driver Drive(Subject subject, Keys keys, params string[] words) => Drive(subject, keys, "client", words);

    /// <param name="client">Whose certificate they have: the name of its files.</param>
    /// <param name="givesWay">Other clients and the backend go before them.</param>
    public Driver Drive(Subject subject, Keys keys, string client, string[] words, bool givesWay = false) =>
        Drive(subject.Placement.Clients, subject, keys, client, words, givesWay);

    public Driver Drive(string cores, Subject subject, Keys keys, string client, string[] words, bool givesWay = false) => new(subject.Name, Self(
        cores,
        [
            "drive", "--address", $"127.0.0.1:{subject.Port(keys)}", "--name", Authority.ServerName, "--certificate", Path.Combine(CertificateFolder(keys), client + ".pem"),
            "--key", Path.Combine(CertificateFolder(keys), client + ".key"), .. words,
        ],
        givesWay));

    /// <summary>
    /// The same software elsewhere, for the whole run: what is compiled while it runs is compiled by the counted rounds. It keeps few sessions, and soon as
    /// many as it may.
    /// </summary>
    public Subject Placed(Subject subject, Placement placement, int loops) => _placed.TryGetValue((subject.Name, placement, loops), out var placed)
        ? placed
        : _placed[(subject.Name, placement, loops)] = new Subject(this, subject.Software, placement, loops, sessionCache: "1m");

    /// <summary>The same software beside itself on the same core, for the whole run, with refusal_log as it is or off.</summary>
    public Subject Twin(Subject subject, bool explains) => _twins.TryGetValue((subject.Name, explains), out var twin)
        ? twin
        : _twins[(subject.Name, explains)] = new Subject(this, subject.Software, Apart, explains: explains);

    /// <summary>One for all rows that have a figure of it.</summary>
    public Flood Flood(Subject subject, Func<Bench, Subject, Flood> run) =>
        _floods.TryGetValue(subject.Name, out var flood) ? flood : _floods[subject.Name] = run(this, subject);

    /// <summary>Lets a server end what it does when it has nothing to do.</summary>
    public void Settle() => Thread.Sleep(IdleTime);

    public void Dispose()
    {
        foreach (var one in _placed.Values.Concat(_twins.Values))
        {
            one.Dispose();
        }
    }

    /// <summary>This program again.</summary>
    private static PinnedProcess Self(string cores, IEnumerable<string> words, bool givesWay = false) =>
        new(cores, Environment.ProcessPath!, words, output: true, givesWay);

    private static string Text(int number) => number.ToString(CultureInfo.InvariantCulture);
}
