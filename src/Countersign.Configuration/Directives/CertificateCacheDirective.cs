namespace Countersign.Configuration.Directives;

/// <summary>ssl_certificate_cache and proxy_ssl_certificate_cache, which act only where a certificate's name has variables.</summary>
internal static class CertificateCacheDirective
{
    public const string Syntax = "off | max=number [inactive=time] [valid=time]";

    public static void Bind(DirectiveCall call, Setting<SslCertificateCache?> setting)
    {
        if (call.Scope.Has(setting))
        {
            call.IsDuplicate();
            return;
        }
        var maximum = 0L;
        var inactive = TimeSpan.FromSeconds(10);
        var valid = TimeSpan.FromSeconds(60);
        var isOff = false;
        for (var i = 1; i <= call.Count; i++)
        {
            var (name, value) = call[i].IndexOf('=') is var sign and > 0 ? (call[i][..sign], call[i][(sign + 1)..]) : (call[i], null);
            switch (name)
            {
                case "max" when value is not null && Units.Number(value) is { } number and > 0:
                    maximum = number;
                    break;
                case "inactive" when value is not null && Units.Time(value, seconds: true) is { } time:
                    inactive = time;
                    break;
                case "valid" when value is not null && Units.Time(value, seconds: true) is { } time:
                    valid = time;
                    break;
                case "off" when value is null:
                    isOff = true;
                    break;
                default:
                    call.InvalidParameter(i, $"Write {Syntax}.");
                    return;
            }
        }
        if (isOff)
        {
            call.Scope.Set(setting, null);
        }
        else if (maximum == 0)
        {
            call.Fail("no-max", $"\"{call.Name}\" must have the \"max\" parameter", 1);
        }
        else
        {
            call.Scope.Set(setting, new SslCertificateCache((int)Math.Min(maximum, int.MaxValue), inactive, valid));
        }
    }
}
