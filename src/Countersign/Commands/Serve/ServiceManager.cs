using System.Globalization;
using Countersign.Native;

namespace Countersign.Commands.Serve;

/// <summary>What systemd hears of the gate when it asked to (<c>Type=notify</c> and <c>notify-reload</c>); sd_notify(3) has the words.</summary>
internal static class ServiceManager
{
    public static void SayReady() => Say(string.Create(CultureInfo.InvariantCulture, $"READY=1\nMAINPID={Environment.ProcessId}"));

    /// <summary>With the time of it, by which the end of one reload is told from that of another.</summary>
    public static void SayReloading() => Say(string.Create(
        CultureInfo.InvariantCulture,
        $"RELOADING=1\nMONOTONIC_USEC={(long)TimeProvider.System.GetElapsedTime(0).TotalMicroseconds}"));

    public static void SayStopping() => Say("STOPPING=1");

    private static void Say(string state) => _ = CurrentProcess.NotifyServiceManager(state);
}
