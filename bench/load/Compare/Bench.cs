using System.Globalization;

namespace Countersign.Load.Compare;

/// <summary>What all rows of a run have in common: certificates, cores, how much is done.</summary>
internal sealed class Bench : IDisposable
{
    private static readonly TimeSpan IdleTime = TimeSpan.FromSeconds(1.5);

    private readonly Dictionary<(string Name, int Loops), Subject> _spread = [];
    private readonly Dictionary<(string Name, bool Explains), Subject> _twins = [];
    private readonly Dictionary<string, Flood> _floods = [];
    private readonly int _percent;

    public Bench(Arguments arguments, string folder)
    {
        (Folder, _percent, Connections) = (folder, arguments.Number("percent", 100), arguments.Number("connections", 32));
        (ServerCore, LoadCore) = (Text(arguments.Number("server-core", 0)), Text(arguments.Number("load-core", 1)));
        // Workers are another user.
        File.SetUnixFileMode(folder, File.GetUnixFileMode(folder) | UnixFileMode.GroupExecute | UnixFileMode.OtherExecute);
        foreach (var keys in Enum.GetValues<Keys>())
        {
            Authority.Write(CertificateFolder(keys), keys);
        }
    }

    public string Folder { get; }
    public string ServerCore { get; }
    public string LoadCore { get; }
    public string BothCores => $"{ServerCore},{LoadCore}";
    public int Connections { get; }

    public int Scaled(int operations) => Math.Max(1, operations * _percent / 100);

    public string CertificateFolder(Keys keys) => Path.Combine(Folder, keys.ToString());

    /// <summary>A backend that answers only requests that have <paramref name="expected"/> in them.</summary>
    public PinnedProcess Backend(int port, IEnumerable<string> expected)
    {
        var backend = Self(LoadCore, ["serve", "--port", Text(port), .. expected.SelectMany(text => new[] { "--expect", text })]);
        backend.ReadLine();
        return backend;
    }

    public Driver Drive(Subject subject, Keys keys, params string[] words) => Drive(LoadCore, subject, keys, words);

    public Driver Drive(string cores, Subject subject, Keys keys, params string[] words) => Drive(cores, subject, keys, "client", words);

    /// <param name="client">Whose certificate they have: the name of its files.</param>
    /// <param name="givesWay">Other clients and the backend go before them.</param>
    public Driver Drive(string cores, Subject subject, Keys keys, string client, string[] words, bool givesWay = false) => new(subject.Name, Self(
        cores,
        [
            "drive", "--address", $"127.0.0.1:{subject.Port(keys)}", "--name", Authority.ServerName, "--certificate", Path.Combine(CertificateFolder(keys), client + ".pem"),
            "--key", Path.Combine(CertificateFolder(keys), client + ".key"), .. words,
        ],
        givesWay));

    /// <summary>The same software on both cores, for the whole run: what is compiled while it runs is compiled by the counted rounds.</summary>
    public Subject Spread(Subject subject, int loops) => _spread.TryGetValue((subject.Name, loops), out var spread)
        ? spread
        : _spread[(subject.Name, loops)] = subject.Fresh(BothCores, loops);

    /// <summary>The same software beside itself on the same core, for the whole run, with refusal_log as it is or off.</summary>
    public Subject Twin(Subject subject, bool explains) => _twins.TryGetValue((subject.Name, explains), out var twin)
        ? twin
        : _twins[(subject.Name, explains)] = new Subject(this, subject.Software, ServerCore, explains: explains);

    /// <summary>One for all rows that have a figure of it.</summary>
    public Flood Flood(Subject subject, Func<Bench, Subject, Flood> run) =>
        _floods.TryGetValue(subject.Name, out var flood) ? flood : _floods[subject.Name] = run(this, subject);

    /// <summary>Lets a server end what it does when it has nothing to do.</summary>
    public void Settle() => Thread.Sleep(IdleTime);

    public void Dispose()
    {
        foreach (var one in _spread.Values.Concat(_twins.Values))
        {
            one.Dispose();
        }
    }

    /// <summary>This program again.</summary>
    private static PinnedProcess Self(string cores, IEnumerable<string> words, bool givesWay = false) =>
        new(cores, Environment.ProcessPath!, words, output: true, givesWay);

    private static string Text(int number) => number.ToString(CultureInfo.InvariantCulture);
}
