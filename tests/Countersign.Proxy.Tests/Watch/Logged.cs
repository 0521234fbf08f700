using System.Text;
using Countersign.Proxy.Tests.Route;

namespace Countersign.Proxy.Tests.Watch;

/// <summary>One plan with logs in a folder of its own, and requests to it.</summary>
internal sealed class Logged : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("cs-");

    /// <param name="logs">log_format and access_log for all servers; <c>@</c> is the folder.</param>
    /// <param name="server">What stands in the server block.</param>
    public Logged(string logs, string server = "return 200 four;", TimeProvider? time = null) =>
        Client = new OneClient($"{logs} server {{ listen 127.0.0.1:8080; server_name routes.test; {server} }}".Replace("@", _folder.FullName, StringComparison.Ordinal), time);

    public OneClient Client { get; }

    public string Folder => _folder.FullName;

    /// <summary>What one format makes of one request.</summary>
    public static string Line(string format, string head, string server = "return 200 four;")
    {
        using var logged = new Logged($"log_format own {format}; access_log @/log own;", server);
        logged.Ask(head);
        return logged.Read("log");
    }

    public void Ask(string head, string body = "") => _ = Answered.Of(Client, head, body);

    public string Read(string name) => Encoding.Latin1.GetString(File.ReadAllBytes(Path.Combine(Folder, name)));

    public void Dispose()
    {
        Client.Dispose();
        _folder.Delete(recursive: true);
    }
}
