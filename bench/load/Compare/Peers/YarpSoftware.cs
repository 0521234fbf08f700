using System.Diagnostics;

namespace Countersign.Load.Compare;

/// <summary>Kestrel with YARP: the program in bench/yarp.</summary>
internal sealed class YarpSoftware(string program) : Software("yarp", program)
{
    public override string Version { get; } =
        $"YARP {FileVersionInfo.GetVersionInfo(Path.Combine(Path.GetDirectoryName(program)!, "Yarp.ReverseProxy.dll")).ProductVersion?.Split('+')[0]}, .NET {Environment.Version}";

    public override bool IsPeer => true;

    public override IReadOnlyList<string> Prepare(string folder, Bench bench, ServerSettings settings) =>
        [$"{settings.Backend}", .. settings.Ports.Select(port => $"{port.Value}={bench.CertificateFolder(port.Key)}")];
}
