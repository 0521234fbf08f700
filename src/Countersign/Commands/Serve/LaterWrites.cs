using System.Net.Sockets;
using Countersign.Configuration;
using Countersign.Native;

namespace Countersign.Commands.Serve;

/// <summary>
/// Folders in which the gate makes or removes files long after it has given root up: of the pid file, of the logs that a rotation
/// makes anew, of listening sockets.
/// </summary>
internal static class LaterWrites
{
    /// <returns>One in which the user of this process may not; null when it may in all of them.</returns>
    public static string? FirstForbidden(Plan plan) => Files(plan)
        .Select(file => Path.GetDirectoryName(file) ?? "/")
        .Distinct()
        .FirstOrDefault(folder => FileDescriptor.MayChange(folder) < 0);

    private static IEnumerable<string> Files(Plan plan)
    {
        var locations = plan.Http?.Locations ?? [];
        return
        [
            ByteText.ToUnicode(plan.Main.PidFile),
            .. plan.Main.ErrorLogs.Concat(locations.SelectMany(location => location.Core.ErrorLogs))
                .Where(target => !target.IsStandardError)
                .Select(target => ByteText.ToUnicode(target.Path)),
            .. (plan.Http?.Servers ?? []).Select(server => server.Refusals.Log?.Path).Append(plan.Http?.Refusals.LedgerFile)
                .OfType<string>()
                .Where(path => path != "stderr")
                .Select(ByteText.ToUnicode),
            .. locations.SelectMany(location => location.Log.AccessLogs)
                .Where(log => log.Path.Constant is not null)
                .Select(log => ByteText.ToUnicode(ByteText.FromBytes(log.Path.Constant!))),
            .. (plan.Http?.Listens ?? [])
                .Select(listen => (listen.EndPoint as UnixDomainSocketEndPoint)?.ToString())
                .OfType<string>()
                .Where(path => path.StartsWith('/')),
        ];
    }
}
