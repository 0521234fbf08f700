using Countersign.Load;
using Countersign.Load.Compare;
using Countersign.Load.Drive;
using Countersign.Load.Serve;
using Countersign.Load.Soak;
using Countersign.Native;

CurrentProcess.IgnoreBrokenPipe();
try
{
    return args switch
    {
        ["drive", .. var rest] => DriveCommand.Run(new Arguments(rest, DriveCommand.Known)),
        ["serve", .. var rest] => Responder.Run(new Arguments(rest, Responder.Known)),
        ["compare", .. var rest] => CompareCommand.Run(new Arguments(rest, CompareCommand.Known)),
        ["soak", .. var rest] => SoakCommand.Run(new Arguments(rest, SoakCommand.Known)),
        _ => throw new FormatException("drive: clients of one server; serve: the backend; compare: servers side by side; soak: one of them for long"),
    };
}
catch (FormatException wrong)
{
    Console.Error.WriteLine($"load: {wrong.Message}");
    return 2;
}
catch (Exception failed) when (failed is LoadException or NativeCallException or TlsConfigurationException or IOException)
{
    Console.Error.WriteLine($"load: {failed.Message}");
    return 1;
}
