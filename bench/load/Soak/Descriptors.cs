using System.Globalization;

namespace Countersign.Load.Soak;

/// <summary>What the open descriptors of a server are, so that whoever sees their number rise is told which.</summary>
internal sealed record Descriptors(int Clients, int Backends, int Others)
{
    private const string Established = "01";
    private const string CloseWait = "08";

    public int All => Clients + Backends + Others;

    /// <summary>Those of some processes; connections on loopback are told apart by the backend's port.</summary>
    public static Descriptors Of(IEnumerable<int> processes, int backendPort)
    {
        var (clients, backends, others) = (0, 0, 0);
        foreach (var process in processes)
        {
            var connections = Connections(process);
            foreach (var path in Directory.EnumerateFileSystemEntries($"/proc/{process}/fd"))
            {
                var target = File.ResolveLinkTarget(path, returnFinalTarget: false)?.Name ?? "";
                if (!connections.TryGetValue(target, out var remotePort))
                {
                    others++;
                }
                else if (remotePort == backendPort)
                {
                    backends++;
                }
                else
                {
                    clients++;
                }
            }
        }
        return new Descriptors(clients, backends, others);
    }

    // proc_net_tcp: the addresses are the second and third word, the state the fourth, the inode the tenth.
    private static Dictionary<string, int> Connections(int process) => File.ReadLines($"/proc/{process}/net/tcp").Skip(1)
        .Select(line => line.Split(' ', StringSplitOptions.RemoveEmptyEntries))
        .Where(words => words[3] == Established || words[3] == CloseWait)
        .GroupBy(words => $"socket:[{words[9]}]")
        .ToDictionary(group => group.Key, group => int.Parse(group.First()[2].Split(':')[1], NumberStyles.HexNumber, CultureInfo.InvariantCulture));
}
