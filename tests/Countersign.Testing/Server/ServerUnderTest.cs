using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text;

namespace Countersign.Testing;

/// <summary>
/// One running server with a prefix folder of its own: conf/nginx.conf, logs, html and temp. The configuration
/// should say <c>daemon off;</c>, for the process that is started is the one that is signalled and ended.
/// </summary>
public sealed class ServerUnderTest : IAsyncDisposable
{
    private readonly TemporaryFolder _folder;
    private readonly StringBuilder _said = new();

    private ServerUnderTest(ServerProgram program, ServerSetup setup, TemporaryFolder folder, Process process)
    {
        Program = program;
        Setup = setup;
        _folder = folder;
        Process = process;
        process.OutputDataReceived += Listen;
        process.ErrorDataReceived += Listen;
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
    }

    public ServerProgram Program { get; }
    public ServerSetup Setup { get; }
    public Process Process { get; }
    public string Prefix => _folder.Path;
    public string ConfigurationPath => _folder.File("conf/nginx.conf");
    public LogFile ErrorLog => new(_folder.File("logs/error.log"));
    public LogFile AccessLog => new(_folder.File("logs/access.log"));

    /// <summary>What the program wrote to its standard streams.</summary>
    public string Said
    {
        get
        {
            lock (_said)
            {
                return _said.ToString();
            }
        }
    }

    public IPEndPoint EndPoint(string name) => new(Setup.Address, Setup.Ports[name]);

    public static async Task<ServerUnderTest> Start(ServerProgram program, ServerSetup setup)
    {
        var path = program.Require();
        var folder = new TemporaryFolder();
        foreach (var name in (string[])["conf", "logs", "html", "temp"])
        {
            Directory.CreateDirectory(folder.File(name));
        }

        setup.Files(folder.Path);
        folder.Write("conf/nginx.conf", setup.Expand(setup.Configuration, folder.Path));
        string[] arguments = ["-p", folder.Path + "/", "-c", "conf/nginx.conf", "-e", "logs/error.log", .. setup.Arguments];
        var process = setup.Shell.Length == 0
            ? CommandLine.Start(path, arguments, folder.Path)
            : CommandLine.Start("sh", ["-c", setup.Shell + " exec \"$0\" \"$@\"", path, .. arguments], folder.Path);
        var server = new ServerUnderTest(program, setup, folder, process);
        try
        {
            if (setup.Listens)
            {
                await server.WaitUntilReady();
            }

            return server;
        }
        catch
        {
            await server.DisposeAsync();
            throw;
        }
    }

    /// <summary>Replaces the configuration file; it takes effect with <c>Signal("HUP")</c>.</summary>
    public void Configure(string configuration) =>
        File.WriteAllText(ConfigurationPath, Setup.Expand(configuration, Prefix));

    public async Task WaitUntilReady()
    {
        foreach (var port in Setup.ListeningPorts())
        {
            await Deadline.Until(() => Ended() || Accepts(port), $"{Program.Name} to listen on {port}", Evidence);
            if (Process.HasExited)
            {
                throw new InvalidOperationException($"{Program.Name} ended with {Process.ExitCode}:\n{Evidence()}");
            }
        }
    }

    /// <param name="name">HUP, QUIT, TERM, USR1 ...</param>
    public async Task Signal(string name) =>
        await CommandLine.Run("sh", ["-c", $"kill -{name} {Process.Id.ToString(CultureInfo.InvariantCulture)}"]);

    public async Task<int> WaitForExit(TimeSpan? within = null)
    {
        await Deadline.Until(Ended, $"{Program.Name} to end", Evidence, within);
        return Process.ExitCode;
    }

    /// <summary>Kilobytes resident, of the process and its children.</summary>
    public long ResidentKilobytes() => Family().Sum(id => Status(id, "VmRSS"));

    /// <summary>The process and, where the server has workers, those.</summary>
    public IReadOnlyList<int> Family()
    {
        var children = $"/proc/{Process.Id}/task/{Process.Id}/children";
        var ids = File.Exists(children) ? File.ReadAllText(children) : "";
        return [Process.Id, .. ids.Split(' ', StringSplitOptions.RemoveEmptyEntries).Select(id => int.Parse(id, CultureInfo.InvariantCulture))];
    }

    /// <summary>The first number of a line of /proc/PID/status.</summary>
    public static long Status(int process, string field)
    {
        var line = File.ReadLines($"/proc/{process}/status").First(line => line.StartsWith(field + ":", StringComparison.Ordinal));
        return long.Parse(line.Split((char[])[':', '\t', ' '], StringSplitOptions.RemoveEmptyEntries)[1], CultureInfo.InvariantCulture);
    }

    public string Evidence() => $"{Said}{ErrorLog.Read()}";

    public async ValueTask DisposeAsync()
    {
        if (!Process.HasExited)
        {
            await Signal("TERM");
            try
            {
                await Process.WaitForExitAsync(Deadline.Token(TimeSpan.FromSeconds(3)));
            }
            catch (OperationCanceledException)
            {
                Process.Kill(entireProcessTree: true);
            }
        }

        Process.Dispose();
        _folder.Dispose();
    }

    private bool Ended() => Process.HasExited;

    private bool Accepts(int port)
    {
        using var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        try
        {
            socket.Connect(Setup.Address, port);
            return true;
        }
        catch (SocketException)
        {
            return false;
        }
    }

    private void Listen(object sender, DataReceivedEventArgs line)
    {
        if (line.Data is not null)
        {
            lock (_said)
            {
                _said.Append(line.Data).Append('\n');
            }
        }
    }
}
